"""The rows at one point of a query while its steps are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from cdk_stream.results.relation import Relation
from cdk_stream.run.names import Column, Context
from cdk_stream.run.step import Step


@dataclass(slots=True)
class Flow:
    """What comes out of the steps so far."""

    columns: list[Column]
    last: Step
    updating: bool = False
    """Whether rows may be taken back."""
    name: str = ""
    node: str = ""

    def then(
        self, step: Step, columns: list[Column] | None = None, updating: bool | None = None
    ) -> Flow:
        """The rows after one more step."""
        self.last.after = step
        return Flow(
            self.columns if columns is None else columns,
            step,
            self.updating if updating is None else updating,
            self.name,
            self.node,
        )


@dataclass(slots=True)
class Cte:
    """A query of WITH; it gets steps of its own wherever it is used."""

    node: exp.Expr
    columns: list[str]
    around: dict[str, Cte]


Ctes = dict[str, Cte]
Query = Callable[..., Flow]


@dataclass(slots=True)
class Plan:
    """The steps of one model."""

    context: Context
    tables: Mapping[tuple[str, str], str]
    """(kind, name) of a reference -> node id."""
    relations: Mapping[str, Relation]
    query: Query
    """Plans a query: (plan, node, ctes) -> Flow."""
    entries: list[tuple[str, Step]] = field(default_factory=list)
    """Where the rows of each input go in."""
    limits: dict[int, int] = field(default_factory=dict)
    """`id` of a `Rank` of the analysis -> how many rows a filter on it keeps."""
