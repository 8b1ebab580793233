"""Roles -> the groups and accounts of the Gateway that have them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream_proxy.interceptor import API, PASSTHROUGH, Place

ACCEPTED = re.compile(r"[a-zA-Z0-9_-]{1,100}")
"""The names of groups that the Gateway takes."""


def group_of(project: Project, role: str) -> str:
    """The group that a known role has: the one it names, or one of its own name."""
    return project.roles[role].group or role


def known(project: Project, roles: Iterable[str]) -> list[str]:
    """The roles that the project has; the others are an error of whoever wrote them."""
    return sorted(role for role in set(roles) if role in project.roles)


def groups(place: Place, roles: Iterable[str]) -> list[Artifact]:
    """The groups of `roles`; every node that needs a group makes the same one."""
    named = {group_of(place.project, role) for role in known(place.project, roles)}
    return [_group(place, name) for name in sorted(named)]


def _group(place: Place, name: str) -> Artifact:
    roles = [role for key, role in place.project.roles.items() if (role.group or key) == name]
    accounts = sorted({account for role in roles for account in role.service_accounts})
    external = sorted({group for role in roles for group in role.external_groups})
    home = {} if place.virtual_cluster == PASSTHROUGH else {"vCluster": place.virtual_cluster}
    return Artifact(
        kind="group",
        name=name,
        cluster=place.stream.cluster,
        node=place.stream.id,
        spec={
            "kind": "GatewayGroup",
            "apiVersion": API,
            "metadata": {"name": name},
            "spec": {
                "members": [{**home, "name": account} for account in accounts],
                "externalGroups": external,
            },
        },
    )
