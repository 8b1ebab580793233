"""Every hook that the live half of a plugin may implement (entry points `cdk_stream_live`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pluggy

from cdk_stream.plugin.forge import Forge
from cdk_stream.plugin.store import Store
from cdk_stream.plugin.system import Outcome, Secrets, System
from cdk_stream.plugin.workflow_run import WorkflowRun
from cdk_stream.problems import Problem
from cdk_stream.resources.project import Project
from cdk_stream.results.consumer import LiveGroup
from cdk_stream.results.health import GroupLag
from cdk_stream.results.plan import Plan
from cdk_stream.results.violation import Violations

PROJECT = "cdk_stream_live"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def open_forge(environ: Mapping[str, str]) -> Iterable[Forge]:
    """The repository on the forge that the environment speaks of; nothing when it is not yours.

    For GitHub Actions: GITHUB_REPOSITORY, GITHUB_API_URL and a token.
    """
    return ()


@hookspec
def open_run(environ: Mapping[str, str]) -> Iterable[WorkflowRun]:
    """The run of a workflow that this program is part of; nothing when it is in none of yours.

    For GitHub Actions: GITHUB_EVENT_NAME and GITHUB_EVENT_PATH, besides what `open_forge` reads.
    """
    return ()


@hookspec
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    """The live systems of a cluster that this plugin reaches, connected.

    Raises `SystemFailed` for one that the project names and that cannot be reached.
    """
    return ()


@hookspec
def observe_consumers(project: Project, cluster: str, secrets: Secrets) -> Iterable[LiveGroup]:
    """The consumer groups of a cluster as they are now, one item for each group and topic.

    Raises `SystemFailed` when they cannot be listed: some are never taken for all.
    """
    return ()


@hookspec
def observe_lag(
    project: Project, cluster: str, secrets: Secrets, groups: Sequence[str]
) -> Iterable[GroupLag]:
    """How far consumer groups of a cluster are behind, for each group and topic it has offsets in.

    Raises `SystemFailed` when that is not known.
    """
    return ()


@hookspec
def open_store(project: Project, secrets: Secrets) -> Iterable[Store]:
    """Where `deploy: state:` of the project keeps its record, when that is not a file.

    Raises `SystemFailed` when it cannot be reached.
    """
    return ()


@hookspec
def open_violations(
    project: Project, cluster: str, topic: str, secrets: Secrets
) -> Iterable[Violations]:
    """The violations topic of a cluster that you read, from where its reader left off."""
    return ()


@hookspec
def before_deploy(plan: Plan) -> Iterable[Problem]:
    """What speaks against carrying out a plan now; an error refuses it."""
    return ()


@hookspec
def after_deploy(plan: Plan, outcomes: Mapping[str, Outcome]) -> Iterable[None]:
    """A plan was carried out; `outcomes` holds what became of each step, by its id."""
    return ()
