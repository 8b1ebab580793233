"""A resource together with the place it was written at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
