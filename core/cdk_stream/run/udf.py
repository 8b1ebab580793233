"""The project's own functions, as Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cdk_stream.run.refusal import RowFailure
from cdk_stream.run.values import Unreadable, reader


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """A function of the project that can be called here."""

    name: str
    call: Callable[..., Any]
    returns: str
    kind: str = "scalar"
    """`scalar` or `table`, whose rows are a list."""

    def answer(self, arguments: tuple[Any, ...]) -> Any:
        """What it gives, of its declared type; raises RowFailure when it fails."""
        try:
            found = self.call(*arguments)
        except Exception as error:
            raise RowFailure(f"'{self.name}' fails with {type(error).__name__}: {error}") from error
        try:
            return None if found is None else reader(self.returns)(found)
        except (ValueError, TypeError, Unreadable) as error:
            shown = f"'{self.name}' answers {found!r}, which is no {self.returns}: {error}"
            raise RowFailure(shown) from error

    def answers(self, arguments: tuple[Any, ...]) -> list[Any]:
        """The rows that a table function gives."""
        try:
            found = list(self.call(*arguments) or ())
            return [reader(self.returns)(one) for one in found]
        except Exception as error:
            raise RowFailure(f"'{self.name}' fails with {type(error).__name__}: {error}") from error
