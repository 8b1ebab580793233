"""A policy to start from, with a test that holds."""

from __future__ import annotations

import re
from importlib.resources import files

NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = "policy_name"


def scaffold(name: str) -> dict[str, str]:
    """File name -> Rego, of a policy and its test; `name` matches `NAME`."""
    return {
        f"{name}.rego": _filled("policy.rego", name),
        f"{name}_test.rego": _filled("test.rego", name),
    }


def _filled(file: str, name: str) -> str:
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return text.replace(_PLACE, name)
