"""A resource together with the place it was written at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdk_stream.results.expansion import Borrowed

KIND_OF_KEY = {
    "sources": "source",
    "models": "model",
    "tests": "test",
    "exposures": "exposure",
}


@dataclass(slots=True)
class Declaration:
    """One source, model, test or exposure as authored."""

    id: str
    """`KIND.NAME`."""
    kind: str
    name: str
    resource: Any
    """The author's `Source`, `Model`, `Test` or `Exposure`."""
    path: str
    pointer: str
    """The resource's place in its file: `/models/0`."""
    digest: str
    """Changes with every file that the resource is written in."""
    sql: str = ""
    """A model's SQL as written; '' for none."""
    sql_path: str = ""
    """The file the SQL stands in by itself; '' when it stands in the YAML."""
    borrowed: Borrowed | None = None
    """Where what came of templates and macros was asked for."""

    def written(self, pointer: str) -> tuple[str, str]:
        """The place of the author's that `pointer` stands for, and the name that stands there."""
        for place, named in (self.borrowed or {}).items():
            if pointer == place or pointer.startswith(f"{place}/"):
                return named
        return pointer, ""
