"""The project's settings as policies and reports see them."""

from __future__ import annotations

import hashlib
from typing import Any

from cdk_stream.resources.project import Function, Project


def settings(project: Project) -> dict[str, Any]:
    """The part of `stream_project.yml` that the manifest holds; no addresses, no keys."""
    found: dict[str, Any] = {
        "name": project.name,
        "version": str(project.version),
        "default_cluster": project.default_cluster,
        "default_classification": project.default_classification,
        "owners": {
            name: _kept(github=list(owner.github), email=owner.email, alerts=owner.alerts)
            for name, owner in project.owners.items()
        },
        "governance": {"owners": list(project.governance.owners)},
        "clusters": {
            name: _kept(region=cluster.region, tags=list(cluster.tags))
            for name, cluster in project.clusters.items()
        },
        "roles": {
            name: _kept(
                group=role.group,
                service_accounts=list(role.service_accounts),
                purposes=list(role.purposes),
                external_groups=list(role.external_groups) or None,
            )
            for name, role in project.roles.items()
        },
        "connectors": {
            name: _kept(
                kind=connector.kind,
                region=connector.region,
                version=None if connector.version is None else str(connector.version),
            )
            for name, connector in project.connectors.items()
        },
        "kms": sorted(project.kms),
        "functions": {name: _digest(spec) for name, spec in project.functions.items()},
    }
    return _kept(**found)


def _digest(spec: Function) -> str:
    """Equal for equal declarations; the address of a jar is nobody's business."""
    text = spec.model_dump_json(by_alias=True)
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _kept(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
