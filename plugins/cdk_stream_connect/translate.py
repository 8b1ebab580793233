"""Logical keys -> the connector's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cdk_stream.problems import near
from cdk_stream.resources.secret import leaks
from cdk_stream_connect import framework
from cdk_stream_connect.capability import Capability, Keys, To, text
from cdk_stream_connect.draft import Draft


def translate(
    draft: Draft,
    values: Mapping[str, Any],
    keys: Keys,
    capability: Capability | None,
    topic: str,
    pointer: str,
) -> None:
    """Write `values` into the draft; `pointer` is where their mapping stands.

    A key is logical, one of the connector's own, or one of Connect's; any other is refused,
    since Connect itself ignores what it does not know. A custom connector takes every key.
    """
    for key, value in values.items():
        place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        to = keys.get(key) or framework.LOGICAL.get(key)
        if to is not None:
            _write(draft, key, to, value, topic, place)
        elif capability is None or _is_native(key, capability):
            if framework.is_reserved(key) and not (capability is None and key == "connector.class"):
                draft.refuse(
                    "CS641",
                    f"'{key}' is not yours to set",
                    "the compiler sets it: remove it",
                    place,
                )
            else:
                _write(draft, key, To(key), value, topic, place)
        elif key in capability.lacks:
            draft.warn(
                "CS642", f"'{key}' means nothing to {draft.title}", capability.lacks[key], place
            )
        else:
            known = {*keys, *framework.LOGICAL, *native_keys(capability), *framework.NATIVE}
            draft.refuse("CS641", f"{draft.title} has no key '{key}'", near(key, known), place)


@lru_cache(maxsize=64)
def native_keys(capability: Capability) -> frozenset[str]:
    """Every key the connector is known to have under its own name."""
    tables = (capability.keys, capability.connection)
    translated = {to.key for table in tables for to in table.values()}
    modes = {key for settings in capability.modes.values() for key in settings}
    own = {capability.key_mode, capability.key_columns} - {""}
    return capability.native | translated | modes | own


def _is_native(key: str, capability: Capability) -> bool:
    return (
        key in native_keys(capability)
        or key in framework.NATIVE
        or (capability.fills and key in framework.OF_SOURCES)
        or key.startswith(framework.PREFIXES)
        or (bool(capability.prefixes) and key.startswith(capability.prefixes))
        or framework.is_reserved(key)
    )


def _write(draft: Draft, key: str, to: To, value: Any, topic: str, place: str) -> None:
    try:
        translated = to.form(value, topic)
    except ValueError as error:
        draft.refuse("CS644", f"'{key}' {error}", "", place)
        return
    if leaks(to.key, text(value)):
        draft.refuse(
            "CS648",
            f"'{key}' holds a secret in the clear",
            "use a placeholder of the worker's config provider, such as ${env:NAME}",
            place,
        )
        return
    draft.config[to.key] = translated
    draft.config.update(to.also)


def require(draft: Draft, capability: Capability, pointer: str) -> None:
    """Refuse when a setting is missing that the connector cannot start without."""
    tables = (capability.keys, capability.connection)
    for key in capability.required:
        if key not in draft.config:
            names = [name for table in tables for name, to in table.items() if to.key == key]
            mend = f"add '{names[0]}' here or to the connector's `connection:`" if names else ""
            draft.refuse("CS647", f"{draft.title} needs '{key}'", mend or f"add '{key}'", pointer)
