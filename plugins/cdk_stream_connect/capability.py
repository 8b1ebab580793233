"""What one major version of a connector can do, and what it calls things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Form = Callable[[Any, str], str]
"""(value as authored, topic) -> the connector's text; raises ValueError for a wrong value."""


def text(value: Any, _topic: str = "") -> str:
    """Connect's configuration is text: true, 5 and [a, b] become `true`, `5` and `a,b`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(text(item) for item in value)
    if isinstance(value, dict) or value is None:
        raise ValueError("is not one value or a list of values")
    return str(value)


def flag(value: Any, _topic: str = "") -> str:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("is not true or false")
    return text(value)


def count(value: Any, _topic: str = "") -> str:
    """A whole number, not negative."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("is not a whole number")
    return str(value)


def to_milliseconds(value: Any, _topic: str = "") -> str:
    """Seconds, as authored, in milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError("is not a number of seconds")
    return str(round(value * 1000))


def topic_to(separator: str) -> Form:
    """The topic, mapped to the value: `topic:TABLE`."""
    return lambda value, topic: f"{topic}{separator}{text(value)}"


class To(NamedTuple):
    """Where a logical key goes; `also` is set along with it."""

    key: str
    form: Form = text
    also: Mapping[str, str] = {}


Keys = dict[str, To]
NO_KEYS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Capability:
    """The table of one connector: logical keys to its own, modes, and what it never does."""

    title: str
    """What messages call it: `Snowflake 3`."""
    connector_class: str
    targets: tuple[str, ...] = ()
    """The values of `sink.type` it stands for."""
    keys: Keys = field(default_factory=dict)
    connection: Keys = field(default_factory=dict)
    """The keys of the project's `connectors.NAME.connection`."""
    native: frozenset[str] = frozenset()
    """Its further keys under their own names, which are passed on."""
    prefixes: tuple[str, ...] = ()
    """Beginnings of its own keys that are passed on."""
    required: tuple[str, ...] = ()
    """Its own keys that must be there in the end."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    """Logical keys that mean nothing to it -> what to do instead."""
    modes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`insert_mode` -> its settings; a mode that is missing is one it cannot do."""
    keyed_by: Literal["nothing", "record", "columns"] = "nothing"
    """Rows are found again by the record's key, by columns of choice, or never."""
    key_mode: str = ""
    """Its own key for `key_mode`, when rows are found by columns."""
    key_columns: str = ""
    """Its own key for `key_columns`, when rows are found by columns."""
    upsert_mend: str = ""
    """What to do about `insert_mode: UPSERT` where it only appends."""
    names_columns: frozenset[str] = frozenset()
    """Its own keys whose values are columns of the rows, alone or as `topic:column`."""
    deletes: tuple[str, str] = ("", "")
    """The setting by which a row without a value deletes, when it can do that."""
    needs_schema: bool = False
    """It refuses rows without a schema, such as plain JSON."""
    needs_key_fields: bool = False
    """To replace rows it needs keys with named fields, not plain ones."""
    reads_envelopes: bool = False
    """It understands Debezium's before and after by itself."""
    writes_text: bool = False
    """It writes JSON rows as the text they are."""
    fills: bool = False
    """It is a source: it fills a topic."""
    topic_key: str = ""
    """For sources: its own key for the topic; left out, its rows are routed there."""
    keeps_history: bool = False
    """For sources: it keeps the history of the schema in a topic of its own."""

    @property
    def upserts(self) -> bool:
        return "UPSERT" in self.modes


APPEND: Mapping[str, Mapping[str, str]] = {"INSERT": NO_KEYS}
"""The modes of a connector that only adds rows."""
