"""A new pin, written into the project file where the old one stands."""

from __future__ import annotations

import re

from cdk_stream import yaml
from cdk_stream.problems import Usage
from cdk_stream.resources.pin import BundlePin
from cdk_stream.tree import PROJECT_FILE


def repinned(content: bytes, index: int, pin: BundlePin, new: str) -> bytes:
    """The project file with another pin of its bundle `index`; nothing else is touched.

    Raises `Usage` where it is written in a way that only its author can change.
    """
    pointer = f"/policies/bundles/{index}"
    listed = isinstance(_at(yaml.load(content, PROJECT_FILE), ("policies", "bundles")), list)
    if not listed:
        pointer = "/policies/bundles"
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    if pin.pin:
        place = yaml.locate(content, PROJECT_FILE, f"{pointer}/{pin.pin_key}")
        written = re.compile(rf"({pin.pin_key}[\"']?\s*:\s*)([\"']?){re.escape(pin.pin)}\2")
        line, count = written.subn(
            lambda found: found[1] + (f"{found[2]}{new}{found[2]}" if found[2] else _scalar(new)),
            lines[place.line - 1],
            count=1,
        )
        if count:
            lines[place.line - 1] = line
            return "".join(lines).encode()
    else:
        place = yaml.locate(content, PROJECT_FILE, f"{pointer}/{pin.kind}")
        before = lines[place.line - 1][: place.column - 1]
        if not before.strip(" -"):
            end = "\r\n" if lines[place.line - 1].endswith("\r\n") else "\n"
            if not lines[place.line - 1].endswith("\n"):
                lines[place.line - 1] += end
            lines.insert(place.line, f"{' ' * len(before)}{pin.pin_key}: {_scalar(new)}{end}")
            return "".join(lines).encode()
    raise Usage(f"the pin of {pin} cannot be rewritten\n    write `{pin.pin_key}: {new}` yourself")


def _scalar(text: str) -> str:
    """`text` in YAML: forty digits without a letter would be a number."""
    return text if yaml.load(text.encode(), PROJECT_FILE) == text else f'"{text}"'


def _at(data: object, path: tuple[str, ...]) -> object:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data
