"""What must hold of a model's rows, and what happens when it does not."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from cdk_stream.resources.authoring import (
    Authored,
    Duration,
    ListOf,
    Meta,
    Name,
    Reference,
    shared,
    unsaid,
)


class UniqueKey(Authored):
    """No two rows within the window have the same key."""

    key: ListOf[Name]
    """The columns that are unique together."""
    window: Duration | None = None
    """Within this time; left out, ever."""


class NotNull(Authored):
    """The columns always have a value."""

    column: ListOf[Name]
    """The column, or several."""


class AllowedValues(Authored):
    """The column only holds these values."""

    column: Name
    """The column."""
    values: tuple[str | int | float | bool, ...]
    """What it may hold."""


class MaxLag(Authored):
    """The newest value of a time column is at most this old."""

    column: Name
    """The time column."""
    seconds: float
    """The greatest age in seconds."""


class ForeignKey(Authored):
    """Every value of the column exists in another stream within the window."""

    column: Name
    """The column."""
    ref_model: Reference
    """The other stream."""
    ref_key: Name
    """Its column."""
    window: Duration | None = None
    """Within this time of each other."""


class MaxLatency(Authored):
    """A row gets from one stream to another within this time."""

    source: Reference
    """Where the row comes from."""
    target: Reference
    """Where it arrives."""
    max_ms: float
    """The longest way in milliseconds."""


class Bucket(Authored):
    """A range of values and the share of rows that may fall in it."""

    min: float
    """From this value on."""
    max: float
    """Up to this value."""
    min_ratio: float | None = Field(default=None, ge=0, le=1)
    """At least this share of rows, from 0 to 1."""
    max_ratio: float | None = Field(default=None, ge=0, le=1)
    """At most this share of rows, from 0 to 1."""


class Distribution(Authored):
    """The shares of a column's values stay within their buckets."""

    column: Name
    """The column."""
    buckets: tuple[Bucket, ...]
    """Ranges of values with the shares they may have."""
    window: Duration | None = None
    """Counted over this time."""


class ErrorRatio(Authored):
    """At most this share of rows fails."""

    max_ratio: float = Field(ge=0, le=1)
    """The share, from 0 to 1."""
    where: str | None = None
    """A condition in SQL that marks a row as failed."""
    window: Duration | None = None
    """Counted over this time."""


class FreshnessWithin(Authored):
    """A row arrives at least this often."""

    column: Name | None = None
    """A time column to judge by; left out, the time of arrival."""
    max_age: Duration
    """The longest wait for a row."""


class Range(Authored):
    """The column stays between two values."""

    column: Name
    """The column."""
    min: float | None = None
    """The smallest value; left out, any."""
    max: float | None = None
    """The greatest value; left out, any."""


class RowSql(Authored):
    """A condition in SQL that holds for every row."""

    expression: str
    """A condition over the columns of the model."""
    name: Name | None = None
    """What to call it in reports."""


def _row_sql(value: object) -> object:
    return {"expression": value} if isinstance(value, str) else value


class Assertion(Authored):
    """Exactly one kind of assertion with its arguments."""

    unique_key: UniqueKey | None = None
    """No key comes twice."""
    not_null: NotNull | None = None
    """Columns always have a value."""
    allowed_values: AllowedValues | None = None
    """A column only holds certain values."""
    accepted_values: AllowedValues | None = None
    """The same as `allowed_values`."""
    max_lag: MaxLag | None = None
    """The newest value of a time column is not too old."""
    foreign_key: ForeignKey | None = None
    """Values of a column exist in another stream."""
    max_latency: MaxLatency | None = None
    """Rows get from one stream to another in time."""
    distribution: Distribution | None = None
    """The shares of values stay within bounds."""
    error_ratio: ErrorRatio | None = None
    """Not too many rows fail."""
    freshness: FreshnessWithin | None = None
    """Rows keep coming."""
    range: Range | None = None
    """A column stays between two values."""
    sql: Annotated[RowSql, BeforeValidator(_row_sql)] | None = None
    """A condition of your own holds for every row."""

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
    """Stop the model."""
    send_alert: str | None = None
    """`slack://#channel` or the address of a webhook."""
    tag_bad_data: bool | str | None = None
    """Mark the failing rows with a header, or send them to the named topic."""
    block_deploy: bool | None = None
    """Let nothing that touches the model be deployed."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Action:
        if len(self.model_fields_set) != 1:
            raise ValueError("write exactly one action in each list item")
        return self


class OnFailure(Authored):
    """How bad a failure is, and what is done."""

    severity: Literal["error", "warn"] = "error"
    """Whether a failure stops things or is only told."""
    actions: tuple[Action, ...] = ()
    """What is done, in order."""


class Test(Authored):
    """Assertions on one model or source."""

    __test__ = False  # pytest: not a test class

    name: Name
    """The test's name."""
    model: Reference
    """The model or source it tests."""
    type: Literal["streaming", "batch"] = "streaming"
    """`streaming` watches rows as they come, `batch` looks at what there is."""
    description: str = ""
    """What it is for."""
    owner: Name | None = None
    """Who is told: a name of the project's `owners:`."""
    tags: ListOf[Name] = ()
    """Free labels, for selectors and policies."""
    template: str | None = None
    """A template of a policy bundle, which adds assertions: `pii_basics`, `acme/pii_basics`."""
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    """The parameters of the template."""
    assertions: tuple[Assertion, ...] = ()
    """What must hold."""
    continuous: bool = False
    """Whether a job of Flink looks at every row as it is written, and tells what does not hold."""
    on_failure: OnFailure = Field(default_factory=shared(unsaid(OnFailure)))
    """What happens when it does not."""
    meta: Meta = {}
    """Free keys for the team's own tools."""
