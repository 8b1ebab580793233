"""The shape of a benchmark project: chains of five, fans of four, a join, groups linked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = (
    "event_id",
    "customer_id",
    "card_number",
    "email",
    "amount_cents",
    "currency",
    "status",
    "channel",
    "score",
    "event_time",
)
WINDOW_COLUMNS = (
    "customer_id",
    "currency",
    "window_start",
    "window_end",
    "events",
    "total_cents",
    "smallest_cents",
    "largest_cents",
    "mean_score",
    "distinct_events",
)
TYPES = {
    "event_id": "STRING",
    "customer_id": "STRING",
    "card_number": "STRING",
    "email": "STRING",
    "amount_cents": "BIGINT",
    "currency": "STRING",
    "status": "STRING",
    "channel": "STRING",
    "score": "DOUBLE",
    "event_time": "TIMESTAMP(3)",
}
CLASSES = {
    "event_id": "internal",
    "customer_id": "confidential",
    "card_number": "highly_sensitive",
    "email": "sensitive",
    "amount_cents": "confidential",
    "currency": "public",
    "status": "internal",
    "channel": "internal",
    "score": "confidential",
    "event_time": "internal",
}
GROUP = 10
MODELS_PER_SOURCE = 20
MODELS_PER_EXPOSURE = 20
OWNERS = 8
JOIN = 9
TESTED = (0, 3, 6, JOIN)  # the places that have a test in a lean project
# place in the group -> the places it reads; -1 is the source
INPUTS: dict[int, tuple[int, ...]] = {
    0: (-1,),
    1: (0,),
    2: (1,),
    3: (2,),
    4: (3,),
    5: (4,),
    6: (4,),
    7: (4,),
    8: (4, 2),
    JOIN: (7, 8),
}
KINDS = ("filter", "case", "over", "udf", "subquery", "window", "latest", "filter", "union", "join")
LINKED = 1  # the place that also reads the join of the group before


@dataclass(frozen=True, slots=True)
class Node:
    """A model of the shape: `kind` picks its SQL, `inputs` are names of models or sources."""

    number: int
    kind: str
    inputs: tuple[str, ...]

    @property
    def name(self) -> str:
        return model_name(self.number)

    @property
    def group(self) -> int:
        return self.number // GROUP

    @property
    def place(self) -> int:
        return self.number % GROUP

    @property
    def reads_source(self) -> bool:
        return self.place == 0

    @property
    def columns(self) -> tuple[str, ...]:
        return WINDOW_COLUMNS if self.kind.startswith("window") else COLUMNS

    @property
    def key(self) -> str:
        return "customer_id" if self.kind in ("latest", "window", "window_tvf") else "event_id"

    @property
    def second(self) -> str:
        """The other column that a governed model tests for missing values."""
        return "window_start" if self.kind.startswith("window") else "event_time"

    @property
    def listed(self) -> str:
        """The column that a governed model tests for allowed values."""
        return "currency" if self.kind.startswith("window") else "status"

    def tested(self, governed: bool) -> bool:
        """Whether the model has a test: all in a governed project, four of ten in a lean one."""
        return governed or self.place in TESTED


def model_name(number: int) -> str:
    return f"m{number:05d}"


def source_name(number: int) -> str:
    return f"s{number:04d}"


def sources(models: int) -> int:
    """How many sources a project of `models` models has."""
    return max(1, -(-models // MODELS_PER_SOURCE))


def exposures(models: int) -> int:
    """How many exposures a project of `models` models has."""
    return max(1, models // MODELS_PER_EXPOSURE)


def nodes(models: int) -> Iterator[Node]:
    """The models in an order in which every input comes first."""
    for number in range(models):
        yield _node(number)


def _node(number: int) -> Node:
    group, place = divmod(number, GROUP)
    first = group * GROUP
    inputs = tuple(
        source_name(number // MODELS_PER_SOURCE) if step < 0 else model_name(first + step)
        for step in INPUTS[place]
    )
    kind = KINDS[place]
    if place == LINKED and group % 5 in (1, 2):
        return Node(number, "union", (*inputs, model_name(first - GROUP + JOIN)))
    if kind == "window" and group % 2:
        kind = "window_tvf"
    return Node(number, kind, inputs)
