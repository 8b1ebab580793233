"""docs/how-to/watch-production.md: its commands are understood, and its test is a test."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from cdk_stream.cli.main import verb_module, verb_parser
from cdk_stream.resources.test import Assertion, Test

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "watch-production.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ cdk-stream (.+)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_understood(command: str) -> None:
    verb, *arguments = shlex.split(command)
    parsed = verb_parser(verb, verb_module(verb)).parse_args(arguments)
    assert parsed.environment == "prod"


def test_the_shown_test_is_one() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (test,) = (Test.model_validate(one) for one in yaml.safe_load(shown)["tests"])
    assert test.continuous


def test_every_assertion_is_told_of() -> None:
    for name in Assertion.model_fields:
        assert f"`{name}`" in TEXT
