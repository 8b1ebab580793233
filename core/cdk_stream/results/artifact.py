"""A piece of a target system's configuration that a backend made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

_JSON = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


@dataclass(frozen=True, slots=True)
class Artifact:
    """One resource of a target system: `spec` is a JSON object, or the text of a SQL script."""

    kind: str
    """`interceptor`, `flink_job`, `connector`, `topic`, `subject`, `acl`, `group`, ..."""
    name: str
    """Unique within (cluster, kind)."""
    cluster: str
    node: str
    """The id of the node it was made for."""
    spec: dict[str, Any] | str

    @property
    def suffix(self) -> str:
        return "sql" if isinstance(self.spec, str) else "json"

    @property
    def file(self) -> str:
        """Its path under the target folder."""
        safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in self.name)
        return f"{self.cluster}/{self.kind}/{safe}.{self.suffix}"

    def content(self) -> bytes:
        """The file's bytes: stable for equal specs."""
        if isinstance(self.spec, str):
            return self.spec.encode()
        return orjson.dumps(self.spec, option=_JSON)


def digest(content: bytes) -> str:
    """The sha256 of an artefact's bytes, in hex."""
    return hashlib.sha256(content).hexdigest()
