"""How strictly each policy holds, and the parameters it reads: METADATA and project together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cdk_stream.policy.check import Policy
from cdk_stream.policy.metadata import Metadata
from cdk_stream.policy.parameter import faults
from cdk_stream.problems import Location, Problem, Severity, near
from cdk_stream.resources.project import PolicySettings

_PROJECT = Location("stream_project.yml")


def level(policy: Policy, settings: PolicySettings) -> str:
    """`deny`, `warn` or `off`: the project's word, else what the policy's severity asks for."""
    own = "deny" if policy.metadata.severity is Severity.ERROR else "warn"
    return settings.levels.get(policy.metadata.id, own)


def parameters(policies: Sequence[Policy], settings: PolicySettings) -> dict[str, dict[str, Any]]:
    """What policies read as `data.params`: id -> the defaults, with the project's values over."""
    return {
        policy.metadata.id: {
            **policy.metadata.params,
            **settings.params.get(policy.metadata.id, {}),
        }
        for policy in policies
    }


def misspelt_settings(policies: Sequence[Policy], settings: PolicySettings) -> Iterator[Problem]:
    """CS712: levels and parameters that no policy has; CS713: values that it does not take."""
    known = {policy.metadata.id: policy.metadata for policy in policies}
    for name in sorted({*settings.levels, *settings.params}):
        if name not in known:
            message = f"the project sets policy '{name}', which does not exist"
            yield Problem(_PROJECT, "CS712", message, near(name, known))
            continue
        yield from _misset(known[name], settings.params.get(name, {}))


def _misset(metadata: Metadata, values: dict[str, Any]) -> Iterator[Problem]:
    for key in sorted(values):
        known = metadata.parameters.get(key)
        if known is None:
            message = f"policy '{metadata.id}' has no parameter '{key}'"
            yield Problem(_PROJECT, "CS712", message, near(key, metadata.parameters))
        elif not known.overridable and values[key] != known.default:
            message = f"policy '{metadata.id}' lets no project set its parameter '{key}'"
            mend = f"leave it out, which means {known.default!r}, or ask " + (
                f"'{metadata.owner}'" if metadata.owner else "who owns the policy"
            )
            yield Problem(_PROJECT, "CS713", message, mend)
        else:
            for fault in faults(values[key], known.schema, key):
                message = f"a parameter of policy '{metadata.id}' does not fit: {fault}"
                yield Problem(_PROJECT, "CS713", message, known.description)
