"""Rows that go in, and the rows that must come out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from cdk_stream.resources.authoring import Authored, ListOf, Meta, Name, Reference

Cells = dict[str, Any]
_FORMS = ("rows", "csv", "file")


class Given(Authored):
    """The rows of one input, in the order in which they arrive; exactly one of the three forms."""

    input: Reference
    """The source or model that holds them; a model's rows replace what it would compute."""
    rows: tuple[Cells, ...] | None = None
    """Rows as mappings of column to value; a column that is left out is NULL, or empty if not
    nullable."""
    csv: str | None = None
    """Rows as CSV: a header, then a line for each row; an empty field is NULL."""
    file: str | None = None
    """A file of rows under `tests/`: JSON Lines, CSV or Avro."""

    @model_validator(mode="after")
    def _one_form(self) -> Given:
        _exactly(self, _FORMS)
        return self


class Expect(Authored):
    """The rows that come out, or the refusal; exactly one of `rows`, `csv`, `file` and `error`."""

    rows: tuple[Cells, ...] | None = None
    """Rows as mappings; only the columns that a row names are compared, in all rows."""
    csv: str | None = None
    """Rows as CSV; only the columns of its header are compared."""
    file: str | None = None
    """A file of rows under `tests/`: JSON Lines, CSV or Avro."""
    error: str | None = None
    """The model fails on the rows: the code of it, `CS851`, or words of its message."""
    ordered: bool = False
    """Whether the rows come in this very order."""
    tolerance: float = Field(default=0.0, ge=0)
    """How far a number may be off; beyond that, floating numbers may differ in the last digits."""

    @model_validator(mode="after")
    def _one_form(self) -> Expect:
        _exactly(self, (*_FORMS, "error"))
        return self


def _exactly(part: Authored, forms: tuple[str, ...]) -> None:
    if sum(getattr(part, form) is not None for form in forms) != 1:
        raise ValueError(f"write exactly one of {', '.join(forms)}")


class UnitTest(Authored):
    """What a model makes of given rows; run by `cdk-stream test`, and never deployed."""

    name: Name
    """The test's name."""
    model: Reference
    """The model it tests."""
    type: Literal["unit"]
    """`unit`: a test on given rows, not on those that flow."""
    description: str = ""
    """What it is for."""
    owner: Name | None = None
    """Who is told: a name of the project's `owners:`."""
    tags: ListOf[Name] = ()
    """Free labels, for selectors."""
    as_: Name | None = Field(default=None, alias="as")
    """A role of the project: the rows are compared as it would see them."""
    given: tuple[Given, ...]
    """The rows of the inputs; what lies between them and the model is computed."""
    expect: Expect
    """What comes out."""
    meta: Meta = {}
    """Free keys for the team's own tools."""
