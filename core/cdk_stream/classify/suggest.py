"""Columns, their names and their sampled values -> the classes that they should have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.classify.kinds import CLASSES
from cdk_stream.classify.names import Guess, guess_by_name
from cdk_stream.classify.samples import Samples, read_samples, sample_file
from cdk_stream.classify.values import FEWEST, guess_by_values
from cdk_stream.resources.level import RANK
from cdk_stream.results.manifest import Node

_UNLIKE = 0.5
"""What is left of a name's word when the values are something else."""
_TESTED = frozenset({"email", "card", "iban", "ip_address"})
"""Kinds whose values cannot look otherwise."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class for a column of a source."""

    node: str
    path: str
    pointer: str
    """The source's place in its file: `/sources/0`."""
    column: str
    tag: str
    """The kind of personal data, as a tag of the column."""
    classification: str
    confidence: float
    """From 0 to 1."""
    why: tuple[str, ...]
    current: str = ""
    """The class that the column has now, which is lower; empty for none."""
    declared: bool = False
    """An author chose the current class: it is told, not changed."""


def suggest(nodes: Iterable[Node], samples: Path | None, least: float) -> tuple[Suggestion, ...]:
    """Every suggestion for the sources among `nodes` that is at least so sure, in their order.

    `samples` is a folder of files called like a source or its topic. Columns that have the class
    already, or a higher one, are left out.
    """
    return tuple(
        found
        for node in nodes
        if node["kind"] == "source"
        for found in _of_source(node, _samples_of(node, samples))
        if found.confidence >= least
    )


def _samples_of(node: Node, folder: Path | None) -> Samples:
    path = sample_file(folder, (node["name"], node["topic"])) if folder else None
    return read_samples(path) if path else {}


def _of_source(node: Node, samples: Mapping[str, list[str]]) -> Iterator[Suggestion]:
    for name, column in node["columns"].items():
        guess = guess_column(name, column["type"], samples.get(name, ()))
        if guess is None:
            continue
        kind, confidence, why = guess
        wanted, current = CLASSES[kind], column.get("classification", "")
        if current and RANK[current] >= RANK[wanted]:
            continue
        yield Suggestion(
            node["id"], node["path"], node["pointer"], name, kind, wanted, confidence, why,
            current, column["declared"],
        )  # fmt: skip


def guess_column(
    name: str, type_: str, values: Iterable[str]
) -> tuple[str, float, tuple[str, ...]] | None:
    """The kind of a column, how sure that is, and why; None when it holds nothing personal."""
    known = [value for value in values if value.strip()]
    by_name, by_values = guess_by_name(name, type_), guess_by_values(known)
    if by_name is None and by_values is None:
        return None
    if by_values is None:
        assert by_name is not None
        if len(known) >= FEWEST and by_name.kind in _TESTED:
            why = (by_name.why, "its sampled values look otherwise")
            return by_name.kind, round(by_name.confidence * _UNLIKE, 2), why
        return by_name.kind, by_name.confidence, (by_name.why,)
    if by_name is None or by_name.kind != by_values.kind:
        return _stronger(by_name, by_values)
    both = 1 - (1 - by_name.confidence) * (1 - by_values.confidence)
    return by_values.kind, min(round(both, 2), 0.99), (by_name.why, by_values.why)


def _stronger(by_name: Guess | None, by_values: Guess) -> tuple[str, float, tuple[str, ...]]:
    """Name and values disagree: the surer one; what is more sensitive when they are as sure."""
    if by_name is None:
        return by_values.kind, by_values.confidence, (by_values.why,)
    best = max((by_values, by_name), key=lambda one: (one.confidence, RANK[CLASSES[one.kind]]))
    return best.kind, best.confidence, (best.why,)
