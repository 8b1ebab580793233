"""What a node needs compiled before itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from cdk_stream.problems import Severity
from cdk_stream.resources.parse import Complaint

NameKey = tuple[str, str]
"""("ref" or "source", name), as SQL writes it."""


@dataclass(slots=True)
class Uses:
    """What a node needs compiled before itself."""

    ids: tuple[str, ...] = ()
    """Every node it reads, tests or is granted on, sorted and once."""
    produces: tuple[str, ...] = ()
    """For exposures: the streams it writes; these are its children, not its parents."""
    tables: dict[NameKey, str] = field(default_factory=dict)
    """For models: the references of its SQL -> node id."""
    missing: dict[NameKey, str] = field(default_factory=dict)
    """References that nothing in the project answers to."""
    complaints: list[tuple[Complaint, Severity]] = field(default_factory=list)
