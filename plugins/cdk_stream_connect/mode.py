"""Adding rows or replacing them, and by which columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_stream.problems import near
from cdk_stream.results.stream import Stream
from cdk_stream_connect.capability import Capability
from cdk_stream_connect.catalog import UPSERTING
from cdk_stream_connect.draft import Draft

LOGICAL = ("insert_mode", "key_mode", "key_columns")
"""The keys of a sink's `config:` that are read here."""

_MODES = ("INSERT", "UPDATE", "UPSERT")
_KEY_MODES = ("KAFKA", "NONE", "RECORD_HEADER", "RECORD_KEY", "RECORD_VALUE")
_PLACE = "/sink/config"


def write_mode(
    draft: Draft, config: Mapping[str, Any], source: Stream, capability: Capability
) -> None:
    """Settle how rows are written; what the target cannot do is told, never dropped silently."""
    columns = _columns(draft, config, source)
    key_mode = _choice(draft, config, "key_mode", _KEY_MODES)
    mode = _choice(draft, config, "insert_mode", _MODES)
    if not mode:
        mode = "UPSERT" if source.changelog != "append" and capability.upserts else "INSERT"
    if mode == "UPSERT" and not capability.upserts:
        _appended(draft, columns or list(source.key), key_mode, source, capability)
        mode = "INSERT"
    else:
        _told(draft, mode, columns, key_mode, source, capability)
    if mode not in capability.modes:
        draft.refuse(
            "CS646",
            f"{draft.title} cannot do insert_mode {mode}",
            f"it can do {', '.join(sorted(capability.modes))}",
            f"{_PLACE}/insert_mode",
        )
        return
    draft.config.update(capability.modes[mode])
    if capability.keyed_by == "columns":
        _by_columns(draft, mode, columns or list(source.key), key_mode, capability)
    elif capability.keyed_by == "record":
        _by_record(draft, mode, columns, key_mode, source)
    elif columns and "key_columns" in capability.keys:
        draft.config[capability.keys["key_columns"].key] = ",".join(columns)


def _columns(draft: Draft, config: Mapping[str, Any], source: Stream) -> list[str]:
    value = config.get("key_columns", [])
    columns = [str(name) for name in (value if isinstance(value, list) else [value])]
    place = f"{_PLACE}/key_columns"
    for name in columns:
        if name not in source.columns and not source.open:
            message = f"'{name}' is not a column of '{source.name}'"
            draft.refuse("CS645", message, near(name, source.columns), place)
    return columns


def _choice(draft: Draft, config: Mapping[str, Any], key: str, options: tuple[str, ...]) -> str:
    asked = str(config.get(key, "")).upper()
    chosen = {"APPEND": "INSERT"}.get(asked, asked) if key == "insert_mode" else asked
    if chosen and chosen not in options:
        message = f"there is no {key} '{config[key]}'"
        draft.refuse("CS644", message, near(chosen, options), f"{_PLACE}/{key}")
        return ""
    return chosen


def _appended(
    draft: Draft, columns: list[str], key_mode: str, source: Stream, capability: Capability
) -> None:
    keys = ", ".join(columns) or "key"
    unused = [f"key_mode {key_mode}"] if key_mode else []
    unused += [f"key_columns {', '.join(columns)}"] if columns else []
    also = f", without {' and '.join(unused)}" if unused else ""
    lost = "" if source.changelog == "append" else "; deletes are lost"
    other = f"or use a connector that upserts: {', '.join(UPSERTING)}"
    draft.warn(
        "CS657",
        f"{draft.title} only appends: insert_mode UPSERT is compiled as append{also}{lost}",
        f"{capability.upsert_mend.format(keys=keys)}; {other}",
        f"{_PLACE}/insert_mode",
    )


def _told(
    draft: Draft,
    mode: str,
    columns: list[str],
    key_mode: str,
    source: Stream,
    capability: Capability,
) -> None:
    if source.changelog != "append" and mode == "INSERT":
        mend = "set 'insert_mode: UPSERT'" if capability.upserts else capability.upsert_mend
        draft.warn(
            "CS643",
            f"rows of '{source.name}' are updated later, but {draft.title} here only appends: "
            "every version of a row stays, and deletes are lost",
            mend.format(keys=", ".join(source.key) or "key"),
            "/sink",
        )
    if capability.keyed_by == "nothing":
        for key, value in (("key_mode", key_mode), ("key_columns", columns)):
            if value and key not in capability.keys:
                mend = "remove it: rows are never found again to be replaced"
                message = f"'{key}' means nothing to {draft.title}"
                draft.warn("CS642", message, mend, f"{_PLACE}/{key}")


def _by_columns(
    draft: Draft, mode: str, columns: list[str], key_mode: str, capability: Capability
) -> None:
    deletes = draft.config.get("delete.enabled") == "true"
    chosen = key_mode or ("RECORD_KEY" if deletes else "RECORD_VALUE")
    if deletes and chosen != "RECORD_KEY":
        draft.refuse(
            "CS645",
            f"deletes come without a row, so {draft.title} must find them by the record's key",
            "set 'key_mode: RECORD_KEY', or leave 'delete_enabled' out",
            f"{_PLACE}/key_mode",
        )
    if mode == "INSERT" and not key_mode and not deletes:
        return
    if not columns and chosen != "NONE":
        draft.refuse(
            "CS645",
            f"insert_mode {mode} needs the columns that identify a row",
            "add 'key_columns:', or `key:` to the model that is read",
            _PLACE,
        )
    draft.config[capability.key_mode] = chosen.lower()
    draft.config[capability.key_columns] = ",".join(columns)


def _by_record(draft: Draft, mode: str, columns: list[str], key_mode: str, source: Stream) -> None:
    own = ", ".join(source.key)
    if columns and columns != list(source.key):
        draft.refuse(
            "CS645",
            f"{draft.title} finds rows by the record's key, which is '{own}' in '{source.name}'",
            f"set `key: [{', '.join(columns)}]` in '{source.name}'",
            f"{_PLACE}/key_columns",
        )
    elif mode == "UPSERT" and not source.key:
        message = f"{draft.title} finds rows by the record's key, and '{source.name}' has none"
        draft.refuse("CS645", message, f"add `key:` to '{source.name}'", _PLACE)
    if key_mode not in ("", "RECORD_KEY"):
        message = f"{draft.title} finds rows by the record's key, not by {key_mode}"
        draft.refuse("CS645", message, "set 'key_mode: RECORD_KEY'", f"{_PLACE}/key_mode")
