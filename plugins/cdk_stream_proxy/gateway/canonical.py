"""Bodies of the Gateway's API by what they mean: its own defaults left out, lists in order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cdk_stream_proxy.interceptor import PASSTHROUGH

Body = Mapping[str, Any]
_DEFAULTS: Mapping[str, Any] = {
    "addErrorHeader": True,
    "cacheSize": "50",
    "compressionType": "none",
    "enableAuditLogOnError": True,
    "externalStorage": False,
    "maskingChar": "*",
    "schemaDataMode": "preserve_avro",
}
"""What the Gateway fills into a plugin's configuration."""
_EMPTY: tuple[Any, ...] = (None, {}, [])
_COMMENT = re.compile(r"cdk-stream project=(\S+) node=(\S+)")


class Identity(NamedTuple):
    """What tells one interceptor from another."""

    name: str
    virtual_cluster: str | None
    group: str | None = None
    username: str | None = None

    @property
    def scope(self) -> dict[str, str | None]:
        """As the body of a DELETE names it, exactly."""
        told: dict[str, str | None] = {"vCluster": self.virtual_cluster}
        if self.group is not None:
            told["group"] = self.group
        if self.username is not None:
            told["username"] = self.username
        if self.virtual_cluster is None:
            return {"vCluster": None, "group": self.group, "username": self.username}
        return told

    @property
    def rank(self) -> int:
        """The narrower, the higher: of one name the highest applies."""
        if self.username is not None:
            return 3
        return 2 if self.group is not None else int(self.virtual_cluster is not None)

    @property
    def artifact(self) -> str:
        """The name of its artefact."""
        narrow = self.group or self.username
        return f"{self.name}@{narrow}" if narrow else self.name


def identity(body: Body) -> Identity:
    """A virtual cluster that is left out is `passthrough`; null means every one."""
    metadata = body["metadata"]
    scope = metadata.get("scope") or {}
    return Identity(
        metadata["name"],
        scope.get("vCluster", PASSTHROUGH),
        scope.get("group"),
        scope.get("username"),
    )


def marked(body: Body) -> tuple[str, str]:
    """The project and the node that the comment of an interceptor names; empty without one."""
    found = _COMMENT.match(str(body["spec"].get("comment") or ""))
    return (found[1], found[2]) if found else ("", "")


def interceptor(body: Body) -> dict[str, Any]:
    """What an interceptor does, and for whom."""
    spec = body["spec"]
    return {
        "scope": identity(body).scope,
        "pluginClass": spec["pluginClass"],
        "priority": spec["priority"],
        "config": _told(spec.get("config") or {}),
        "comment": spec.get("comment") or "",
    }


def group(body: Body) -> dict[str, Any]:
    """Who is in a group."""
    spec = body.get("spec") or {}
    members = {
        (str(one.get("vCluster") or PASSTHROUGH), str(one["name"]))
        for one in spec.get("members") or ()
    }
    return {
        "members": [{"vCluster": home, "name": name} for home, name in sorted(members)],
        "externalGroups": sorted(spec.get("externalGroups") or ()),
    }


def _told(value: Any) -> Any:
    """A configuration without what says nothing."""
    if isinstance(value, Mapping):
        kept = {key: _told(item) for key, item in value.items()}
        return {
            key: item
            for key, item in kept.items()
            if item not in _EMPTY and _DEFAULTS.get(key, ...) != item
        }
    return [_told(item) for item in value] if isinstance(value, list) else value
