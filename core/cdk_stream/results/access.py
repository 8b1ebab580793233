"""Who may read which column, where and in which form: what an auditor asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from cdk_stream.results.relation import Origin

Way = Literal["broker", "gateway", "target"]
"""In front of the brokers, where nothing is masked; of the Gateway; or of a sink's own system."""

Form = Literal["clear", "masked", "encrypted"]

Value = Literal["copy", "derived", "aggregated", "condition", "hidden", "count"]
"""What of the column asked for is there, from the very value to a number of rows.

condition: it decides between other values; hidden: a function that hides its input was used.
"""


Kind = Literal["application", "job", "connector", "group", "unknown"]


class Sight(NamedTuple):
    """What a reader sees of a column."""

    form: Form
    how: str = ""
    """`mask_all`, or the key of the encryption; "" for clear text."""
    why: str = ""
    """What to know of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column somewhere, with the way that the value asked for takes to it."""

    node: str
    column: str
    """`*` where nobody knows which columns there are."""
    value: Value
    is_exact: bool
    """False when the analysis of a query on the way had to assume that the value is in it."""
    lineage: tuple[Origin, ...]
    """From where the value is first to here."""
    holder: str
    """`topic payments.raw.v1`, `view payments_clean`, `snowflake_table by snowflake-sink`."""
    cluster: str
    topic: str
    """What a right is given for; "" for a sink's target."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody may read a column somewhere."""

    who: str
    """An account; or in words, for whom the project does not know."""
    kind: Kind
    roles: tuple[str, ...]
    granted_by: tuple[str, ...]
    """The nodes whose artefacts give the right; () when it is not given here."""
    purpose: str
    place: Place
    way: Way
    sight: Sight
    is_certain: bool = True
    """False when the project cannot know whether the right exists: treat it as given."""
    why: str = ""
    """What makes it uncertain, or what to know of it."""


@dataclass(frozen=True, slots=True)
class Access:
    """The answer: `places` is where the column asked for lies, () when somebody was asked for."""

    asked: str
    places: tuple[Place, ...]
    readings: tuple[Reading, ...]
