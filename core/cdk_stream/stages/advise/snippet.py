"""Resources as the YAML that their authors would write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

_SECTION = {"model": "models", "source": "sources", "exposure": "exposures", "test": "tests"}


class _Dumper(yaml.SafeDumper):
    """Block style, and texts of several lines as `|`."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def resource(node: str, keys: Mapping[str, Any]) -> str:
    """A file with one resource of the kind of `node`: `models:` and one item."""
    section = _SECTION[node.partition(".")[0]]
    return yaml.dump(
        {section: [dict(keys)]},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=1000,
        default_flow_style=False,
    )
