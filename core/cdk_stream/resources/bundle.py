"""What a platform team writes into a policy bundle: `bundle.yml`, templates and macros."""

from __future__ import annotations

from typing import Any, Literal

from cdk_stream.resources.authoring import Authored, ListOf, Name
from cdk_stream.resources.test import OnFailure


class BundleFile(Authored):
    """`bundle.yml`: what the bundle is, and what it lays down for the projects that list it."""

    name: Name
    """The bundle's name; no two bundles of a project share one."""
    version: str | int | float = "0"
    """The bundle's own version: `2.1.0`."""
    description: str = ""
    """What it is for."""
    required: ListOf[str] = ()
    """Ids of policies that no project may loosen; `all`: those it brings and those it sets."""
    levels: dict[str, Literal["deny", "warn", "off"]] = {}
    """Policy id -> how strictly it holds; of the tool's own policies too."""
    params: dict[str, dict[str, Any]] = {}
    """Policy id -> the parameters it reads; of the tool's own policies too."""
    overridable: dict[str, ListOf[str]] = {}
    """Policy id -> parameters that projects may set although the policy is required."""
    unwaivable: ListOf[str] = ()
    """Ids of policies that no waiver may be about; `all`: those it brings and those it sets."""


class Piece(Authored):
    """What templates and macros share."""

    description: str = ""
    """What it is for."""
    params: dict[str, Any] = {}
    """Name -> its type in JSON Schema's words, with a `default` when it may be left out."""


class TestTemplate(Piece):
    """`templates/NAME.yml`: assertions that tests get with `template: NAME`."""

    __test__ = False  # pytest: not a test class

    assertions: tuple[dict[str, Any], ...] = ()
    """Assertions as in a test; `{{ name }}` stands for a parameter."""
    on_failure: OnFailure | None = None
    """What happens when one does not hold; a test's own word counts more."""


class SecurityMacro(Piece):
    """`macros/NAME.yml`: rules for reading columns that nodes get with `security: use: NAME`."""

    policies: tuple[dict[str, Any], ...] = ()
    """Rules as under `security: policies:`; `{{ name }}` stands for a parameter."""
