"""Every hook a plugin may implement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pluggy

from cdk_stream.plugin.backend import Backend, Remark
from cdk_stream.plugin.change import Version
from cdk_stream.plugin.state import StateRecord
from cdk_stream.plugin.verification import Made, Verification
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.problems import Problem
from cdk_stream.resources.project import Project
from cdk_stream.results.state import StateChange
from cdk_stream.results.stream import Stream

PROJECT = "cdk_stream"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_backends() -> Iterable[Backend]:
    """The target systems this plugin knows. Called once; names are unique over all plugins."""
    return ()


@hookspec
def register_policies() -> Iterable[PolicyBundle]:
    """The Rego this plugin brings. Called once."""
    return ()


@hookspec
def check_project(project: Project, manifest: Mapping[str, Any]) -> Iterable[Problem]:
    """Problems that the plugin finds in a compiled project, before any policy is asked.

    `manifest` holds what `target/manifest.json` does; its nodes are decoded when first looked at.
    """
    return ()


@hookspec
def check_change(
    project: Project, base: Version, head: Version, changed: Sequence[str]
) -> Iterable[tuple[str, Remark]]:
    """What the plugin has against the step from `base` to `head`: (id of a node of head, remark).

    `changed` are the nodes of both that differ. Asked by `check --base` alone.
    """
    return ()


@hookspec
def watch_test(
    test: Any, model: Stream, inputs: Mapping[str, Stream], project: Project
) -> Iterable[Any]:
    """A `plugin.watching.Watch` of a continuous `resources.test.Test`; the first one is taken.

    `model` is the stream that it tests; `inputs` holds that and the others it names, by node id.
    """
    return ()


@hookspec
def compare_state(base: Version, head: Version, node: str) -> Iterable[StateChange]:
    """What becomes of that which the running job of a model remembers when `head` takes over.

    Asked for a model of both versions that the same backend runs; nothing from the plugins that do
    not run it. Without an answer any change of a stateful query counts as unknown.
    """
    return ()


@hookspec
def record_state(
    project: Project, models: Sequence[Made], version: Version, addresses: Mapping[str, str]
) -> Iterable[StateRecord]:
    """Ask the real systems what the jobs of the models would remember, for the ledger in `state/`.

    `version` is the one that was compiled; `addresses` are those of `verify_models`.
    """
    return ()


@hookspec
def verify_models(
    project: Project, models: Sequence[Made], addresses: Mapping[str, str]
) -> Iterable[Verification]:
    """Ask the real systems that would run the models whether they take them.

    `models` are of every backend; pass over those that are not yours. `addresses` says where to
    ask in place of what the project says: `sql_gateway` -> a URL. A system that cannot be reached
    is an error: nobody may take silence for consent.
    """
    return ()
