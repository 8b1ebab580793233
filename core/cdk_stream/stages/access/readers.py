"""Who may read a place by a right that the project gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from cdk_stream.plugin.account import job_account
from cdk_stream.results.access import Place, Reading, Sight, Way
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.access.guesses import Guesses, accounts_of, consumers_of
from cdk_stream.stages.access.rights import Right, rights_to_read, roles_of
from cdk_stream.stages.access.sight import at_brokers, for_job, in_target

_THERE = "who reads the target is decided there"


class Readers:
    """The rights of a compiled project, asked place by place."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._guesses = Guesses(manifest)
        self._exact: dict[tuple[str, str], list[Right]] = {}
        self._prefixes: list[Right] = []
        for right in rights_to_read(manifest):
            if right.is_prefix:
                self._prefixes.append(right)
            else:
                self._exact.setdefault((right.cluster, right.topic), []).append(right)

    @cached_property
    def accounts(self) -> set[str]:
        """Every account with a right or a role."""
        found = {right.account for rights in self._exact.values() for right in rights}
        found |= {right.account for right in self._prefixes}
        for role in self._manifest.project.get("roles", {}).values():
            found.update(role["service_accounts"])
        return found

    def of(self, place: Place) -> Iterator[Reading]:
        """Everyone who may read a place, and everyone of whom that cannot be known."""
        node = self._manifest.nodes[place.node]
        if place.topic:
            yield from self._granted(place, node)
            yield from self._guesses.of(place, node)
        else:
            yield from self._of_target(place, node)

    def _granted(self, place: Place, node: Node) -> Iterator[Reading]:
        found: dict[tuple[str, Way], list[Right]] = {}
        for right in (*self._exact.get((place.cluster, place.topic), ()), *self._prefixes):
            if right.covers(place.cluster, place.topic):
                found.setdefault((right.account, right.way), []).append(right)
        for (account, way), rights in sorted(found.items()):
            roles = roles_of(self._manifest.project, account)
            yield Reading(
                account,
                rights[0].kind,
                roles,
                tuple(sorted({right.node for right in rights})),
                self._purposes(rights),
                place,
                way,
                self._sight(place, node, rights, way, roles),
            )

    def _sight(
        self, place: Place, node: Node, rights: Sequence[Right], way: Way, roles: tuple[str, ...]
    ) -> Sight:
        if way == "broker":
            return at_brokers(node, place.column)
        jobs = [right.node for right in rights if right.kind == "job"]
        reads = any(self._reads(job, place) for job in jobs)
        return for_job(node, place.column, roles, reads)

    def _reads(self, job: str, place: Place) -> bool:
        """Whether the query of a job touches the column."""
        node = self._manifest.nodes[job]
        origin = [place.node, place.column]
        edges = (edge[:2] for column in node["columns"].values() for edge in column["edges"])
        return origin in edges or any(item[:2] == origin for item in node["influences"])

    def _purposes(self, rights: Sequence[Right]) -> str:
        nodes = (self._manifest.nodes[right.node] for right in rights)
        found = {node.get("access", {}).get("purpose", "") for node in nodes}
        return ", ".join(sorted(found - {""}))

    def _of_target(self, place: Place, node: Node) -> Iterator[Reading]:
        """A sink's own system, where neither Kafka's rights nor the Gateway's masks reach."""
        project = self._manifest.project
        account = job_account(project["name"], node["name"])
        sight = in_target(node, place.column, roles_of(project, account))
        for exposure in consumers_of(self._manifest, place.node):
            purpose = exposure["access"].get("purpose", "")
            for name in accounts_of(exposure, project):
                roles, by = roles_of(project, name), (exposure["id"],)
                yield Reading(
                    name, "application", roles, by, purpose, place, "target", sight, why=_THERE
                )
        who = "whoever may read the target"
        yield Reading(who, "unknown", (), (), "", place, "target", sight, False, _THERE)
