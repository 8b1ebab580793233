"""The condition of a CEL topic, run by Google's engine over one record's value."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from tests.gateway.reference.document import Document


class NotCel(ValueError):
    """The expression does not compile, or has no answer for a record."""


@lru_cache(maxsize=500)
def parse(expression: str) -> Callable[[Document], bool]:
    """Whether the expression keeps a record; `NotCel` when it fails on one."""
    kind = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    try:
        compiled: Any = cel.NewEnv(variables={"record": kind}).compile(expression)
    except (RuntimeError, ValueError) as error:
        raise NotCel(str(error)) from error

    def keeps(document: Document) -> bool:
        found = compiled.eval(data={"record": {"value": document}}).value()
        if not isinstance(found, bool):
            raise NotCel(f"{expression} answers {found!r}")
        return found

    return keeps
