"""Suggestions -> the files as they would be, and the difference for reading or `git apply`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cdk_stream import yaml
from cdk_stream.classify.edit import classified
from cdk_stream.classify.suggest import Suggestion
from cdk_stream.problems import Refused
from cdk_stream.resources.parse import parse
from cdk_stream.resources.source import Source

Files = Mapping[str, str]


def patched(suggestions: Iterable[Suggestion], read: Callable[[str], bytes]) -> dict[str, str]:
    """Path -> the file's new text, for every file that changes.

    Classes that an author chose stay. A file is left alone when the text cannot be changed so that
    it says just this more, anchors and aliases for instance.
    """
    by_source: dict[tuple[str, str], list[Suggestion]] = {}
    for one in suggestions:
        if not (one.declared and one.current):
            by_source.setdefault((one.path, one.pointer), []).append(one)
    texts: dict[str, str] = {}
    for (path, pointer), found in by_source.items():
        old = texts.get(path) or read(path).decode("utf-8")
        new = _changed(old, pointer, found)
        if new is not None:
            texts[path] = new
    return texts


def difference(old: Files, new: Files, prefix: str = "") -> str:
    """A unified diff; `prefix` stands before each path."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for path in sorted(new)
        for line in difflib.unified_diff(
            old[path].splitlines(keepends=True),
            new[path].splitlines(keepends=True),
            f"a/{prefix}{path}",
            f"b/{prefix}{path}",
        )
    )


def _changed(old: str, pointer: str, found: list[Suggestion]) -> str | None:
    try:
        new = classified(old, pointer, found)
        (before, rest), (after, same) = (_taken(text, pointer) for text in (old, new))
    except (Refused, ValueError, TypeError, AttributeError, IndexError):
        return None
    return new if rest == same and _says_just_this_more(before, after, found) else None


def _taken(text: str, pointer: str) -> tuple[Any, Any]:
    """The source at `pointer`, and the rest of the file."""
    data = yaml.load(text.encode(), "")
    key, index = pointer.split("/")[1:]
    return data[key].pop(int(index)), data


def _says_just_this_more(before: Any, after: Any, found: list[Suggestion]) -> bool:
    old, new = parse(Source, before), parse(Source, after)
    if not isinstance(old, Source) or not isinstance(new, Source):
        return False
    if old.model_copy(update=_UNSAID) != new.model_copy(update=_UNSAID):
        return False
    wanted = {one.column: one for one in found}
    labels = _labels(new)
    for name, label in _labels(old).items():
        if name not in wanted and labels.get(name) != label:
            return False
    return all(labels.get(name, ("",))[0] == one.classification for name, one in wanted.items())


_UNSAID: dict[str, Any] = {"columns": (), "pii_tags": {}}


def _labels(source: Source) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Column -> class and tags, wherever they are written."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {
        column.name: (column.classification or "", column.tags) for column in source.columns
    }
    for name, label in source.pii_tags.items():
        found[name] = (label.classification or "", label.tags)
    return found
