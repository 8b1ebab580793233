"""The policy bundles of a project: opened for compiling, held against when a change is judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdk_stream.bundle.bundle import Bundle, read_bundle
from cdk_stream.bundle.expand import Expander
from cdk_stream.bundle.folder import folder_files
from cdk_stream.bundle.limits import Faulty
from cdk_stream.bundle.load import FETCH, load_bundles
from cdk_stream.bundle.require import unmet
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import load_policies
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError
from cdk_stream.policy.laid import standing
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.engine import Engine
from cdk_stream.resources.project import Project
from cdk_stream.resources.requirement import RequiredBundle
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.own import settings_at


def open_bundles(loader: Loader, project: Project, commit: str = "") -> tuple[Bundle, ...]:
    """The bundles that the project lists; from here on, nodes get their templates and macros.

    `commit` is that of the project's version, "" for the working tree. Raises `Refused`.
    """
    fetch = f"{FETCH} --base {commit[:12]}" if commit else FETCH
    bundles = load_bundles(project.policies.bundles, settings_at(loader), fetch)
    loader.expand = Expander(bundles).expand
    return bundles


def read_folder(folder: Path) -> Bundle:
    """A bundle where its authors keep it; raises `Refused` for all that is wrong with it."""
    try:
        return read_bundle(folder_files(folder))
    except Faulty as error:
        raise Refused([Problem(Location("bundle.yml"), "CS733", str(error))]) from None


def refuse_unmet(head: Any, required: Sequence[RequiredBundle]) -> None:
    """Raise `Refused` when a compiled project lacks a bundle that the platform requires."""
    problems = tuple(unmet(required, head.bundles, settings_at(head.loader)))
    if problems:
        raise Refused(problems)


def hold(head: Any, before: Any, own: Sequence[PolicyBundle], engine: Engine, root: Path) -> None:
    """Refuse a change that drops a bundle which its base requires, or loosens what it lays down.

    The base judges the change itself; this is about what would hold once it is merged. `head` and
    `before` are the two `Compiled`, `own` what judges `head` besides its bundles. Raises `Refused`
    with CS737, and as `load_policies` and `standing` do.
    """
    at = settings_at(head.loader)
    kept = {bundle.name for bundle in head.bundles}
    dropped = [
        _dropped(bundle, at("/bundles"))
        for bundle in before.bundles
        if bundle.file.required and bundle.name not in kept
    ]
    if dropped:
        raise Refused(dropped)
    if head.project.policies == before.project.policies:
        return
    bundles = [*own, *(bundle.policies for bundle in head.bundles)]
    try:
        policies = load_policies(bundles, engine_for(engine, root))
    except EngineError as error:
        where = Location(error.path or PROJECT_FILE, error.line, error.column)
        raise Refused([Problem(where, "CS710", error.message)]) from error
    standing(policies, head.project.policies, bundles, at)


def _dropped(bundle: Bundle, where: Location) -> Problem:
    message = f"the change drops bundle '{bundle.name}', which requires policies of the project"
    mend = f"list it again: {bundle.pin} at {bundle.pin.short if bundle.pin else ''}"
    return Problem(where, "CS737", message, mend)
