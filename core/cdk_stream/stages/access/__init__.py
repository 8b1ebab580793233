"""Who may read a column, and what somebody may read: over the manifest, nothing is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cdk_stream.results.access import Access, Place, Reading, Sight, Way
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.relation import Origin
from cdk_stream.stages.access.guesses import is_foreign
from cdk_stream.stages.access.places import UNKNOWN, place_at, places_of
from cdk_stream.stages.access.readers import Readers
from cdk_stream.stages.access.rights import roles_of
from cdk_stream.stages.access.sight import CLEAR, at_brokers, through_gateway

_ELSEWHERE = "the topic is not made by this project: should it have been given a right there"


def who_reads(manifest: Manifest, column: Origin) -> Access:
    """Everyone who may read the value of a column, wherever it goes."""
    readers = Readers(manifest)
    places = places_of(manifest, column)
    readings = [reading for place in places for reading in readers.of(place)]
    return Access(".".join(column), tuple(places), tuple(readings))


def role_reads(manifest: Manifest, role: str) -> Access:
    """What the accounts and groups of a role may read."""
    who = f"role {role}"
    chosen = _chosen(manifest, lambda one: role in one.roles and one.who != who)
    return Access(who, (), (*chosen, *_elsewhere(manifest, who, (role,))))


def account_reads(manifest: Manifest, account: str) -> Access:
    """What an account may read."""
    roles = roles_of(manifest.project, account)
    chosen = _chosen(manifest, lambda reading: reading.who == account)
    return Access(f"principal {account}", (), (*chosen, *_elsewhere(manifest, account, roles)))


def exposure_reads(manifest: Manifest, exposure: str) -> Access:
    """What an application may read: the rights that were given for it."""
    chosen = _chosen(manifest, lambda reading: exposure in reading.granted_by)
    return Access(exposure, (), tuple(chosen))


def known_accounts(manifest: Manifest) -> set[str]:
    """The accounts that have a role or a right."""
    return Readers(manifest).accounts


def _chosen(manifest: Manifest, wanted: Callable[[Reading], bool]) -> list[Reading]:
    readers = Readers(manifest)
    found = (reading for place in _everywhere(manifest) for reading in readers.of(place))
    return [reading for reading in found if wanted(reading)]


def _everywhere(manifest: Manifest) -> Iterator[Place]:
    for node_id in sorted(manifest.nodes):
        if node_id.startswith(("source.", "model.")):
            node = manifest.nodes[node_id]
            names = [*node["columns"], UNKNOWN] if node["open"] else [*node["columns"]]
            for name in names:
                here = (node_id, name)
                yield place_at(manifest, here, "copy", True, (here,))


def _elsewhere(manifest: Manifest, who: str, roles: tuple[str, ...]) -> Iterator[Reading]:
    """What they would see of topics that are not the project's, had they a right to them."""
    for place in _everywhere(manifest):
        node = manifest.nodes[place.node]
        if not is_foreign(node):
            continue
        yield _would(place, who, roles, "broker", at_brokers(node, place.column))
        seen = through_gateway(node, place.column, roles)
        if seen != CLEAR:
            yield _would(place, who, roles, "gateway", seen)


def _would(place: Place, who: str, roles: tuple[str, ...], way: Way, sight: Sight) -> Reading:
    return Reading(who, "unknown", roles, (), "", place, way, sight, False, _ELSEWHERE)
