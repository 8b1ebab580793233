"""How strictly each policy holds, and the parameters it reads: METADATA and project together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cdk_stream.policy.check import Policy
from cdk_stream.policy.metadata import Metadata
from cdk_stream.policy.parameter import faults
from cdk_stream.problems import Location, Problem, Severity, near
from cdk_stream.resources.project import PolicySettings
from cdk_stream.tree import PROJECT_FILE

At = Callable[[str], Location]
"""A place under `policies:` of the project, `/levels/naming` -> its line."""


def in_project(pointer: str) -> Location:
    """The project file as a whole."""
    return Location(PROJECT_FILE)


def level(policy: Policy, settings: PolicySettings) -> str:
    """`deny`, `warn` or `off`: the project's word, else what the policy's severity asks for."""
    return settings.levels.get(policy.metadata.id, own_level(policy))


def own_level(policy: Policy) -> str:
    """`deny` or `warn`: what the policy's severity asks for."""
    return "deny" if policy.metadata.severity is Severity.ERROR else "warn"


def parameters(policies: Sequence[Policy], settings: PolicySettings) -> dict[str, dict[str, Any]]:
    """What policies read as `data.params`: id -> the defaults, with the project's values over."""
    return {
        policy.metadata.id: {
            **policy.metadata.params,
            **settings.params.get(policy.metadata.id, {}),
        }
        for policy in policies
    }


def misspelt_settings(
    policies: Sequence[Policy],
    settings: PolicySettings,
    at: At = in_project,
    laid: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Problem]:
    """CS712: levels and parameters that no policy has; CS713: values that it does not take.

    `laid` holds the values that bundles lay down, by policy and parameter.
    """
    known = {policy.metadata.id: policy.metadata for policy in policies}
    for name in sorted({*settings.levels, *settings.params}):
        if name not in known:
            where = at(f"/{'levels' if name in settings.levels else 'params'}/{name}")
            message = f"the project sets policy '{name}', which does not exist"
            yield Problem(where, "CS712", message, near(name, known))
            continue
        values = (laid or {}).get(name, {})
        for key, code, message, mend in misset(known[name], settings.params.get(name, {}), values):
            yield Problem(at(f"/params/{name}/{key}"), code, message, mend)


def misset(
    metadata: Metadata, values: Mapping[str, Any], laid: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Parameter, code, message and mend of each of `values` that cannot be set."""
    for key in sorted(values):
        known = metadata.parameters.get(key)
        if known is None:
            message = f"policy '{metadata.id}' has no parameter '{key}'"
            yield key, "CS712", message, near(key, metadata.parameters)
        elif not known.overridable and values[key] != (own := laid.get(key, known.default)):
            message = f"policy '{metadata.id}' lets no project set its parameter '{key}'"
            mend = f"leave it out, which means {own!r}, or ask " + (
                f"'{metadata.owner}'" if metadata.owner else "who owns the policy"
            )
            yield key, "CS713", message, mend
        else:
            for fault in faults(values[key], known.schema, key):
                message = f"a parameter of policy '{metadata.id}' does not fit: {fault}"
                yield key, "CS713", message, known.description
