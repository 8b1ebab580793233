"""Telling people's names from other words, by given names that are common somewhere."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from cdk_stream.classify.names import tokens

_NAME = re.compile(r"^[^\W\d_]+(?:[ '\u2019.-]+[^\W\d_]+\.?){0,4}$")


def looks_like_name(value: str) -> bool:
    """One to five capitalised words without digits: `Ana María López`, `O'Neil`."""
    return len(value) <= 60 and bool(_NAME.match(value)) and value[0].isupper()


def is_given_name(value: str) -> bool:
    """Whether one of its words is a common given name."""
    return not _given().isdisjoint(tokens(value))


@cache
def _given() -> frozenset[str]:
    text = files("cdk_stream.classify").joinpath("given_names.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
