"""Subjects of a schema registry: observed, compared, written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cdk_stream.plugin.canonical import digest
from cdk_stream.plugin.converge import converge
from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, SystemFailed, Wanted
from cdk_stream.results.plan import Difference, Key, Step
from cdk_stream_kafka.registry.canonical import canonical, references
from cdk_stream_kafka.registry.client import Registry

SUBJECT, LEVEL = "subject", "subject_compatibility"


class RegistrySystem:
    """The registry of one cluster.

    A plan asks for all subjects at once, for all latest schemas at once where the registry lists
    them, and for each level of compatibility by itself, which no registry lists.
    """

    name = "registry"
    kinds: tuple[str, ...] = (SUBJECT, LEVEL)

    def __init__(self, cluster: str, registry: Registry) -> None:
        self.cluster = cluster
        self._registry = registry

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """The subjects wanted or recorded, with their levels."""
        specs = {one.key: one.spec for one in wanted}
        keys = {*specs, *recorded}
        there = self._registry.subjects()
        subjects = {key.name for key in keys if key.kind == SUBJECT} & there
        latest = self._registry.latest(subjects)
        named = {key.name for key in keys if key.kind == LEVEL}
        levels = self._registry.levels(subjects | named)
        older = self._registry.versions(
            {
                key.name: _request(spec)
                for key, spec in specs.items()
                if key.name in latest and key.kind == SUBJECT and not _says(latest[key.name], spec)
            }
        )
        found: dict[Key, Live] = {}
        for key in keys:
            if key.kind == SUBJECT and key.name in latest:
                level, version = levels[key.name], older.get(key.name)
                found[key] = _subject(key, latest[key.name], level, version)
            elif key.kind == LEVEL and (set_to := levels[key.name]) is not None:
                found[key] = _level(key, set_to)
        return found

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        """A schema that is an older version already counts as registered."""
        if wanted.key.kind == LEVEL:
            return _compare_level(wanted, live)
        if live is None:
            return Comparison("create", f"subject '{wanted.key.name}' is new")
        spec = wanted.spec["spec"]
        changes: list[Difference] = []
        why = ""
        if not _says(live.facts, wanted.spec):
            if live.facts.get("older") is not None:
                why = (
                    f"the schema is version {live.facts['older']} of '{wanted.key.name}' already; "
                    f"version {live.facts['version']} stays the latest"
                )
            else:
                changes.append(Difference("schema", live.facts["schema"], spec["schema"]))
        if live.spec["compatibility"] != spec["compatibility"]:
            changes.append(
                Difference("compatibility", live.spec["compatibility"], spec["compatibility"])
            )
        if not changes:
            return Comparison("nothing", why)
        return Comparison("update", why or "its schema or level differs", tuple(changes))

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        """The level first, so that the new version is judged by it."""
        name = step.key.name
        if step.key.kind == LEVEL:
            return self._apply_level(step.key, wanted)
        if wanted is None:
            return self._delete(step, live)
        spec = wanted.spec["spec"]
        levelled = self._set_level(name, spec["compatibility"])
        request = _request(wanted.spec)
        registered = converge(
            f"the schema of '{name}'",
            lambda: self._version(name, request),
            lambda version: version is not None,
            lambda _: self._registry.register(name, request),
        )
        found = self.observe([wanted], ()).get(step.key)
        if found is None:
            raise SystemFailed(f"subject '{name}' is gone although it was just registered")
        told = f"version {registered.seen}"
        return Outcome(found, registered.changed or levelled, told)

    def close(self) -> None:
        """Let go of connections."""
        self._registry.close()

    def _version(self, name: str, request: Mapping[str, Any]) -> int | None:
        return self._registry.version(name, request)

    def _set_level(self, name: str, level: str) -> bool:
        return converge(
            f"the compatibility of '{name}'",
            lambda: self._registry.level(name),
            lambda found: found == level,
            lambda _: self._registry.set_level(name, level),
        ).changed

    def _apply_level(self, key: Key, wanted: Wanted | None) -> Outcome:
        if wanted is not None:
            level = str(wanted.spec["compatibility"])
            changed = self._set_level(key.name, level)
            return Outcome(_level(key, level), changed)
        before = self._registry.level(key.name)
        # What holds afterwards may be the same level by another way, so no look can tell.
        self._registry.drop_level(key.name)
        return Outcome(None, before is not None, "the registry's own level holds")

    def _delete(self, step: Step, live: Live | None) -> Outcome:
        name = step.key.name
        if not step.approved:
            raise SystemFailed(
                f"subject '{name}' has schemas, and nobody approved that it is deleted",
                "approve the deletion, or keep the model",
            )
        done = converge(
            f"the deletion of '{name}'",
            lambda: name in self._registry.subjects(),
            lambda there: not there,
            lambda _: self._registry.delete(name),
        )
        return Outcome(None, done.changed, "deleted softly: the registry can bring it back")


def _request(document: Mapping[str, Any]) -> dict[str, Any]:
    spec = document["spec"]
    asked = {"schema": spec["schema"], "schemaType": spec["format"]}
    return asked | ({"references": spec["references"]} if spec.get("references") else {})


def _says(found: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether a version as the registry shows it is the schema of the artefact."""
    spec = document["spec"]
    format_ = found.get("schemaType") or "AVRO"
    return (
        format_ == spec["format"]
        and canonical(found["schema"], format_) == canonical(spec["schema"], format_)
        and references(found.get("references")) == references(spec.get("references"))
    )


def _subject(key: Key, latest: Mapping[str, Any], level: str | None, older: int | None) -> Live:
    format_ = latest.get("schemaType") or "AVRO"
    spec = {
        "schema": canonical(latest["schema"], format_),
        "format": format_,
        "references": references(latest.get("references")),
        "compatibility": level,
    }
    facts = {
        "schema": latest["schema"],
        "schemaType": format_,
        "references": latest.get("references") or [],
        "version": latest.get("version"),
        "older": older,
    }
    return Live(key, spec, digest(spec), None, facts, holds_data=True)


def _level(key: Key, level: str) -> Live:
    spec = {"subject": key.name, "compatibility": level}
    return Live(key, spec, digest(spec), None)


def _compare_level(wanted: Wanted, live: Live | None) -> Comparison:
    level = wanted.spec["compatibility"]
    if live is None:
        return Comparison("create", f"'{wanted.key.name}' has no level of its own")
    if live.spec["compatibility"] == level:
        return Comparison("nothing")
    change = Difference("compatibility", live.spec["compatibility"], level)
    return Comparison("update", "its level differs", (change,))
