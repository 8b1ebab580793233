"""How sensitive a value is, ordered from public to highly sensitive."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from cdk_stream.resources.authoring import Authored, ListOf, Name
from cdk_stream.resources.level import LEVELS, RANK, highest

__all__ = ["LEVELS", "RANK", "Classification", "ColumnLabel", "Label", "highest"]

Classification = Literal["public", "internal", "confidential", "sensitive", "highly_sensitive"]


class Label(Authored):
    """A column's class together with its personal-data tags."""

    classification: Classification | None = None
    """How sensitive the value is."""
    tags: ListOf[Name] = ()
    """What kind of data it is, `email` or `card` for instance."""


def _label(value: object) -> object:
    return {"classification": value} if isinstance(value, str) else value


ColumnLabel = Annotated[Label, BeforeValidator(_label)]
"""A class by its name, or a mapping with `classification` and `tags`."""
