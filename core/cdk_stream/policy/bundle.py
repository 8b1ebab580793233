"""A set of Rego modules that judge the compiled project together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyBundle:
    """Rego modules by file name, and the data they read."""

    name: str
    modules: dict[str, str]
    """File name, for messages -> Rego text; `*_test.rego` left out."""
