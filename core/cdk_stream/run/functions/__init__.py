"""Flink's scalar functions; one that is not here is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.run.functions.collections import COLLECTIONS
from cdk_stream.run.functions.json import JSON
from cdk_stream.run.functions.numbers import NUMBERS
from cdk_stream.run.functions.text import TEXTS
from cdk_stream.run.functions.times import TIMES

STRICT: dict[str, Callable[..., Any]] = {**TEXTS, **NUMBERS, **TIMES, **COLLECTIONS, **JSON}
"""Functions that answer NULL when an argument is NULL."""
