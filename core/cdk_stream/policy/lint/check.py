"""Policies -> what in them can never be, may be absent, or differs between engines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_stream.policy.lint.document import input_shape, shape_of
from cdk_stream.policy.lint.rules import Rules
from cdk_stream.policy.lint.shape import Shape
from cdk_stream.policy.metadata import Metadata
from cdk_stream.policy.text import Text
from cdk_stream.problems import Location, Problem


def lint(
    texts: Sequence[Text], policies: Iterable[Metadata], document: Shape | None = None
) -> list[Problem]:
    """CS714, CS715, CS717 and CS718 of docs/codes.md in these files, which belong together.

    `document` is what `input` is, the compiled project when left out.
    """
    params = {
        policy.id: {name: shape_of(known.schema) for name, known in policy.parameters.items()}
        for policy in policies
    }
    rules = Rules(texts, params, document or input_shape())
    try:
        rules.look()
    except RecursionError:
        return [Problem(Location(texts[-1].path), "CS718", "expressions are nested too deeply")]
    return list(rules.faults.found.values())
