"""A test -> its JSON in the manifest."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_stream.results.artifact import Artifact
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.fragment import authored, encode, listed, written
from cdk_stream.results.uses import Uses


def test_fragment(
    declaration: Declaration,
    uses: Uses,
    model: str,
    warnings: int,
    artifacts: Iterable[Artifact] = (),
) -> bytes:
    """A test for the manifest; `model` is the id of what it tests."""
    test = declaration.resource
    return encode(
        {
            **authored(declaration),
            "model": model,
            "type": test.type,
            "template": test.template,
            "with": test.with_ or None,
            "assertions": [
                {"kind": item.kind, **(written(item.arguments) or {})} for item in test.assertions
            ],
            "on_failure": written(test.on_failure) or {"severity": "error"},
            "continuous": test.continuous or None,
            "artifacts": [listed(artifact) for artifact in artifacts] or None,
            "depends_on": uses.ids,
            "warnings": warnings,
        }
    )


test_fragment.__test__ = False  # type: ignore[attr-defined]  # pytest: not a test
