"""A set of Rego modules that judge the compiled project together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdk_stream.policy.terms import NO_TERMS, Terms

TEST_SUFFIX = "_test.rego"
OWN = "project"
"""The name of the bundle that a project or folder has of its own."""


@dataclass(frozen=True, slots=True)
class PolicyBundle:
    """Rego modules by file name, and the data they read."""

    name: str
    modules: dict[str, str]
    """File name, for messages -> Rego text; `*_test.rego` left out."""
    terms: Terms = field(default=NO_TERMS, compare=False)
    """What it lays down for the projects that list it."""
    unseen: tuple[str, ...] | None = None
    """Members of nodes (`sql`; `artifacts/digest`: of each artefact) that its policies look at in
    no way, and of `now` at the day only; None when that is not known. Rulings are remembered by it.
    """


def project_bundle(files: Mapping[str, str]) -> PolicyBundle:
    """The project's own policies: the `.rego` files of `files` (path -> text), without tests."""
    return PolicyBundle(OWN, rego_files(files))


def rego_files(files: Mapping[str, str]) -> dict[str, str]:
    """The policies and libraries among `files`, sorted by name; tests and other files left out."""
    return {
        name: files[name]
        for name in sorted(files)
        if name.endswith(".rego") and not name.endswith(TEST_SUFFIX)
    }
