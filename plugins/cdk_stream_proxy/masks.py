"""Protections -> masks, once per column and topic.

Every node masks its own topic: a source its raw topic, a job its output, a view its virtual topic.
Which name a mask sees after a view, the virtual or the physical one, is not documented. A column
that keeps its name in a view is masked on the physical topic by the node that stores it; a renamed
one is not, so there the view's mask covers both names.

Roles that a rule names are masked each by an interceptor of its own for the role's group, because
one name at two groups would leave an account of both with one of the masks. A rule without roles
masks everyone, and each allowed role is lifted by an interceptor of the same name that applies to
no topic. Encrypted columns are masked so too: rows from before encryption lie in clear.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from cdk_stream.plugin.account import job_account
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Protection, Stream, StreamColumn
from cdk_stream_proxy.group import group_of, groups, known
from cdk_stream_proxy.interceptor import MASK, Place, interceptor, priority, schema_registry, topics
from cdk_stream_proxy.row import leaves
from cdk_stream_proxy.storage import stored

_PLUGIN = "FieldLevelDataMaskingPlugin"
_NO_TOPIC = "^$"
_PARTIAL = {"mask_first_n": "MASK_FIRST_N", "mask_last_n": "MASK_LAST_N"}
_ENVELOPES = {
    "debezium_json": ("before.", "after.", "payload.before.", "payload.after."),
    "debezium_avro": ("before.", "after."),
}


class Hidden(NamedTuple):
    """A column, how it is hidden, and whether only its own node does so on the stored topic."""

    column: str
    rule: str
    characters: int
    renamed: bool
    fields: tuple[str, ...]
    """What the mask names: the column, or the fields of a row, each with its path."""


Masks = dict[Hidden, None]
"""An ordered set."""


class Audiences(NamedTuple):
    """Who is masked: single roles, and everyone but the roles of the key."""

    roles: dict[str, Masks]
    everyone: dict[tuple[str, ...], Masks]


def audiences(stream: Stream) -> Audiences:
    """The masks of the stream's columns by whom they are for."""
    found = Audiences({}, {})
    storage = stored(stream)
    for name, column in stream.columns.items():
        for rule in column.protections:
            renamed = _is_renamed(stream, storage, name, rule)
            hidden = Hidden(name, *_rule(column, rule), renamed, _fields(name, column))
            if rule.method == "mask" and rule.roles:
                for role in rule.roles:
                    found.roles.setdefault(role, {})[hidden] = None
            else:
                allowed = tuple(sorted(set(rule.allowed)))
                found.everyone.setdefault(allowed, {})[hidden] = None
    return found


def masks(place: Place) -> list[Artifact]:
    """The mask interceptors of a protected stream and the groups they name."""
    found = audiences(place.stream)
    artifacts: list[Artifact] = []
    roles = known(place.project, found.roles)
    index = 0
    for role in roles:
        group = group_of(place.project, role)
        for purpose, config in _configs(place, f"mask-{role}", found.roles[role]):
            artifacts.append(_mask(place, purpose, config, index, group=group))
            index += 1
    for allowed in sorted(found.everyone):
        lifted = known(place.project, allowed)
        for purpose, config in _configs(place, _purpose(allowed), found.everyone[allowed]):
            artifacts.append(_mask(place, purpose, config, index))
            artifacts += (
                _mask(place, purpose, _lift(config), index, group=group)
                for group in sorted({group_of(place.project, role) for role in lifted})
            )
            index += 1
        roles += lifted
    return artifacts + groups(place, roles)


def lifts(place: Place, source: Place, read: set[str]) -> Iterator[Artifact]:
    """Lets the job of `place.stream` read the columns `read` of `source.stream` in clear.

    The rules travel with the columns, so the job's output is masked in its turn.
    """
    account = job_account(place.project.name, place.stream.name)
    found = audiences(source.stream)
    index = sum(len({hidden.renamed for hidden in masks}) for masks in found.roles.values())
    for allowed in sorted(found.everyone):
        hidden = found.everyone[allowed]
        for purpose, config in _configs(source, _purpose(allowed), hidden):
            if any(mask.column in read for mask in hidden):
                yield interceptor(
                    place,
                    purpose,
                    _PLUGIN,
                    _lift(config),
                    priority(source, MASK, index),
                    username=account,
                    owner=source.stream.name,
                )
            index += 1


def _rule(column: StreamColumn, rule: Protection) -> tuple[str, int]:
    """What the Gateway can do of it; whatever it cannot is hidden whole.

    So is a value that is computed: the characters that count may stand elsewhere in it.
    """
    is_copy = rule.method == "mask" and rule.origin in column.copies
    partial = _PARTIAL.get(rule.masking) if is_copy else None
    return (partial, rule.characters) if partial and rule.characters > 0 else ("MASK_ALL", 0)


def _fields(name: str, column: StreamColumn) -> tuple[str, ...]:
    """What a mask does to a whole row is not documented: each of its fields is named."""
    return tuple(".".join(leaf.path) for leaf in leaves(column.type, name))


def _is_renamed(stream: Stream, storage: Stream, name: str, rule: Protection) -> bool:
    if storage is stream:
        return False
    column = storage.columns.get(name)
    return column is None or rule not in column.protections


def _purpose(allowed: tuple[str, ...]) -> str:
    """Stable for a set of roles, and short enough for a file's name."""
    if not allowed:
        return "mask-everyone"
    text = "+".join(allowed)
    return f"mask-except-{text if len(text) <= 60 else format(zlib.crc32(text.encode()), '08x')}"


def _configs(place: Place, purpose: str, masks: Masks) -> Iterator[tuple[str, dict[str, object]]]:
    """The configuration for columns that keep their names, then that for the renamed ones."""
    stream = place.stream
    for renamed in (False, True):
        chosen = [mask for mask in masks if mask.renamed is renamed]
        if not chosen:
            continue
        names = (stream.topic, stored(stream).topic) if renamed else (stream.topic,)
        config = {
            "topic": topics(place, *names),
            "errorPolicy": "fail_fetch",
            "policies": _policies(chosen, stream.format),
            **schema_registry(place, stream.format),
        }
        yield (f"{purpose}-renamed" if renamed else purpose), config


def _policies(masks: list[Hidden], format: str) -> list[dict[str, object]]:
    policies: list[dict[str, object]] = []
    whole = {mask.column for mask in masks if mask.rule == "MASK_ALL"}
    for mask in masks:
        if mask.rule != "MASK_ALL" and mask.column in whole:
            continue
        rule: dict[str, object] = {"type": mask.rule, "maskingChar": "*"}
        name = mask.column
        if mask.rule != "MASK_ALL":
            rule["numberOfChars"] = mask.characters
            name += f"-{mask.rule.lower()}-{mask.characters}"
        prefixes = _ENVELOPES.get(format, ("",))
        fields = [prefix + field for prefix in prefixes for field in mask.fields]
        policies.append({"name": name, "fields": fields, "rule": rule})
    return policies


def _lift(config: dict[str, object]) -> dict[str, object]:
    return {**config, "topic": _NO_TOPIC}


def _mask(
    place: Place, purpose: str, config: dict[str, object], index: int, *, group: str = ""
) -> Artifact:
    return interceptor(place, purpose, _PLUGIN, config, priority(place, MASK, index), group=group)
