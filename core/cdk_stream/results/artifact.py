"""A piece of a target system's configuration that a backend made."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import orjson

_UNSAFE = re.compile(r"[^\w.-]")
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


RIGHTS = ("acl", "gateway_acl")
"""The kinds that give rights, in front of the brokers and of the Gateway.

Their `spec` is `{principal, acls: [{resource_type, name, pattern_type, operation}]}`.
"""


class Written(NamedTuple):
    """A file of the target folder, and the node that it was made for."""

    node: str
    digest: str
    content: bytes


@dataclass(frozen=True)
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

    @cached_property
    def file(self) -> str:
        """Its path under the target folder."""
        suffix = "sql" if isinstance(self.spec, str) else "json"
        return f"{self.cluster}/{self.kind}/{_UNSAFE.sub('_', self.name)}.{suffix}"

    @cached_property
    def content(self) -> bytes:
        """The file's bytes: stable for equal specs."""
        if isinstance(self.spec, str):
            return self.spec.encode()
        return bytes(memoryview(orjson.dumps(self.spec, option=_JSON)))  # see fragment.encode

    @cached_property
    def digest(self) -> str:
        """The sha256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def written(self) -> Written:
        """What is left of it once it is text."""
        return Written(self.node, self.digest, self.content)
