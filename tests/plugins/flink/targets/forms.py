"""Documents of other targets: valid by their schemas, and the same as their golden files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

from cdk_stream.results.artifact import Artifact

HERE = Path(__file__).parent
Same = Callable[[Artifact], None]


def document(artifact: Artifact) -> dict[str, Any]:
    """What it is made of, when it is no script."""
    assert isinstance(artifact.spec, dict)
    return artifact.spec


def assert_valid(artifact: Artifact) -> None:
    """By the schema of its kind; those are written by hand from the published fields."""
    schema = json.loads((HERE / "schemas" / f"{artifact.kind}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(artifact.spec)


def same_as_golden(artifact: Artifact) -> None:
    """GOLDEN=write in the environment rewrites the file."""
    path = HERE / "golden" / f"{artifact.kind}.{artifact.name}.json"
    if os.environ.get("GOLDEN") == "write":
        path.write_bytes(artifact.content)
    assert artifact.content == path.read_bytes()
