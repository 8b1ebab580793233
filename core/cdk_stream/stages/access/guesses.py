"""Readers of whom a project cannot know: told, and treated as if they had the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.results.access import Place, Reading, Sight, Way
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.access.rights import opaque_rights
from cdk_stream.stages.access.sight import at_brokers, through_gateway

_FOREIGN = "the topic is not made by this project, and others may have been given rights to it"
_PUBLIC = "the model is public: others outside the project may read it"
_NOBODY = "it reads this by accounts that the project does not name"
_GROUP = "who is in the group is known to the identity provider only"
_OPAQUE = "a plugin gives it rights whose content is not known"


class Guesses:
    """What cannot be known of the readers of a compiled project."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._roles: Mapping[str, Any] = manifest.project.get("roles", {})
        self._opaque = opaque_rights(manifest)

    def of(self, place: Place, node: Node) -> Iterator[Reading]:
        """Who else may read a topic or a view."""
        if place.topic != node["topic"]:
            return  # dead letters: a topic of the project's own
        if is_foreign(node):
            who = "whoever has a right from elsewhere"
            yield _guess(place, who, "broker", at_brokers(node, place.column), _FOREIGN)
            yield from _if_granted(place, node)
        way: Way = "gateway" if _is_guarded(node) else "broker"
        if node.get("public"):
            sight = _sight(node, place, way, ())
            yield _guess(place, "readers outside the project", way, sight, _PUBLIC)
        for exposure in consumers_of(self._manifest, place.node):
            yield from self._groups(place, node, way, exposure)
            if not accounts_of(exposure, self._manifest.project):
                who, sight = f"the accounts of '{exposure['name']}'", _sight(node, place, way, ())
                yield _guess(place, who, way, sight, _NOBODY, (), exposure["id"])
        for giver, artifact in self._opaque:
            if place.node in (giver, *self._manifest.parents[giver]):
                yield _guess(place, artifact, "broker", at_brokers(node, place.column), _OPAQUE)

    def _groups(self, place: Place, node: Node, way: Way, exposure: Node) -> Iterator[Reading]:
        for role in exposure["access"]["roles"]:
            for group in self._roles.get(role, {}).get("external_groups", ()):
                who, sight = f"members of the group '{group}'", _sight(node, place, way, (role,))
                yield _guess(place, who, way, sight, _GROUP, (role,), exposure["id"])


def _if_granted(place: Place, node: Node) -> Iterator[Reading]:
    """What each role that a rule names would see through the Gateway."""
    rules = node["columns"].get(place.column, {}).get("protections", ())
    for role in sorted({role for rule in rules for role in (*rule["roles"], *rule["allowed"])}):
        sight = through_gateway(node, place.column, (role,))
        yield _guess(place, f"role {role}", "gateway", sight, _FOREIGN, (role,))


def is_foreign(node: Node) -> bool:
    """Whether the topic of a stream is made by others, who may have let anyone read it."""
    if node["materialized"] in ("virtual_topic", "sink"):
        return False
    made = {(one["kind"], one["name"]) for one in node["artifacts"]}
    return ("topic", node["topic"]) not in made


def consumers_of(manifest: Manifest, node_id: str) -> list[Node]:
    """The exposures that read a stream."""
    found = [manifest.nodes[child] for child in manifest.children[node_id]]
    return [node for node in found if node["kind"] == "exposure" and node_id in node["consumes"]]


def accounts_of(exposure: Node, project: Mapping[str, Any]) -> list[str]:
    """The accounts that an application connects with, as far as the project names them."""
    found = set(exposure["service_accounts"])
    for role in exposure["access"]["roles"]:
        found.update(project.get("roles", {}).get(role, {}).get("service_accounts", ()))
    return sorted(found)


def _is_guarded(node: Node) -> bool:
    """Whether it is read through the Gateway: a view, or a topic with protected columns."""
    protected = any(column.get("protections") for column in node["columns"].values())
    return protected or node["materialized"] == "virtual_topic"


def _sight(node: Node, place: Place, way: Way, roles: tuple[str, ...]) -> Sight:
    if way == "broker":
        return at_brokers(node, place.column)
    return through_gateway(node, place.column, roles)


def _guess(
    place: Place,
    who: str,
    way: Way,
    sight: Sight,
    why: str,
    roles: tuple[str, ...] = (),
    exposure: str = "",
) -> Reading:
    by = (exposure,) if exposure else ()
    kind: Any = "group" if roles else "unknown"
    return Reading(who, kind, roles, by, "", place, way, sight, False, why)
