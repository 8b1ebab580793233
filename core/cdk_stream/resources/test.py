"""What must hold of a model's rows, and what happens when it does not."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from cdk_stream.resources.authoring import Authored, Duration, ListOf, Meta, Name, Reference


class UniqueKey(Authored):
    """No two rows within the window have the same key."""

    key: ListOf[Name]
    window: Duration | None = None


class NotNull(Authored):
    """The columns always have a value."""

    column: ListOf[Name]


class AllowedValues(Authored):
    """The column only holds these values."""

    column: Name
    values: tuple[str | int | float | bool, ...]


class MaxLag(Authored):
    """The newest value of a time column is at most this old."""

    column: Name
    seconds: float


class ForeignKey(Authored):
    """Every value of the column exists in another stream within the window."""

    column: Name
    ref_model: Reference
    ref_key: Name
    window: Duration | None = None


class MaxLatency(Authored):
    """A row gets from one stream to another within this time."""

    source: Reference
    target: Reference
    max_ms: float


class Bucket(Authored):
    """A range of values and the share of rows that may fall in it."""

    min: float
    max: float
    min_ratio: float | None = Field(default=None, ge=0, le=1)
    max_ratio: float | None = Field(default=None, ge=0, le=1)


class Distribution(Authored):
    """The shares of a column's values stay within their buckets."""

    column: Name
    buckets: tuple[Bucket, ...]
    window: Duration | None = None


class ErrorRatio(Authored):
    """At most this share of rows fails."""

    max_ratio: float = Field(ge=0, le=1)
    where: str | None = None
    """A condition in SQL that marks a row as failed."""
    window: Duration | None = None


class FreshnessWithin(Authored):
    """A row arrives at least this often."""

    column: Name | None = None
    max_age: Duration


class Range(Authored):
    """The column stays between two values."""

    column: Name
    min: float | None = None
    max: float | None = None


class RowSql(Authored):
    """A condition in SQL that holds for every row."""

    expression: str
    name: Name | None = None


class Assertion(Authored):
    """Exactly one kind of assertion with its arguments."""

    unique_key: UniqueKey | None = None
    not_null: NotNull | None = None
    allowed_values: AllowedValues | None = None
    accepted_values: AllowedValues | None = None
    max_lag: MaxLag | None = None
    foreign_key: ForeignKey | None = None
    max_latency: MaxLatency | None = None
    distribution: Distribution | None = None
    error_ratio: ErrorRatio | None = None
    freshness: FreshnessWithin | None = None
    range: Range | None = None
    sql: RowSql | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_sql(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("sql"), str):
            return {**value, "sql": {"expression": value["sql"]}}
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Assertion:
        if len(self.model_fields_set) != 1:
            raise ValueError("write exactly one assertion in each list item")
        return self

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def arguments(self) -> Authored:
        value: Authored = getattr(self, self.kind)
        return value


class Action(Authored):
    """What happens when a test fails; exactly one of these."""

    pause_model: bool | None = None
    send_alert: str | None = None
    """`slack://#channel` or the address of a webhook."""
    tag_bad_data: bool | str | None = None
    """Mark the failing rows with a header, or send them to the named topic."""
    block_deploy: bool | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Action:
        if len(self.model_fields_set) != 1:
            raise ValueError("write exactly one action in each list item")
        return self


class OnFailure(Authored):
    """How bad a failure is, and what is done."""

    severity: Literal["error", "warn"] = "error"
    actions: tuple[Action, ...] = ()


class Test(Authored):
    """Assertions on one model or source."""

    __test__ = False  # pytest: not a test class

    name: Name
    model: Reference
    type: Literal["streaming", "batch"] = "streaming"
    description: str = ""
    owner: Name | None = None
    tags: ListOf[Name] = ()
    assertions: tuple[Assertion, ...] = ()
    on_failure: OnFailure = OnFailure()
    meta: Meta = {}
