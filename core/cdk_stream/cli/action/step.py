"""The inputs of a step, and where its answers go."""

from __future__ import annotations

import json
import secrets
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_stream.problems import Usage

_MARK = "CDK_STREAM_"
_LARGEST_SUMMARY = 900_000
"""Bytes; GitHub drops a summary of more than a megabyte as a whole."""
_CHOICES = {
    "FAIL_ON": ("error", "warning"),
    "COMMENT": ("on-impact", "always", "off"),
    "ANNOTATIONS": ("true", "false"),
    "SUMMARY": ("true", "false"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """The inputs of the action, and the files in which a runner takes answers."""

    inputs: Mapping[str, str]
    """`PROJECT_DIR` -> its value, the empty ones left out."""
    report: str
    output: str
    summary: str
    commit: str
    """The commit that the workflow runs for."""

    def __getitem__(self, name: str) -> str:
        return self.inputs.get(name, "")

    @property
    def project(self) -> list[str]:
        """Where the project is, for every verb."""
        return ["--project-dir", self["PROJECT_DIR"] or "."]

    @property
    def more(self) -> list[str]:
        """The arguments that the workflow adds."""
        try:
            return shlex.split(self["ARGUMENTS"])
        except ValueError as error:
            raise Usage(f"the input 'arguments' is no line of a shell: {error}") from None

    def answer(self, **outputs: str | list[str]) -> None:
        """Set outputs, lists as JSON; nobody who writes into a value can know how it ends."""
        if not self.output:
            return
        with open(self.output, "a", encoding="utf-8") as file:
            for name, value in outputs.items():
                text = value if isinstance(value, str) else json.dumps(value)
                end = f"end-{secrets.token_hex(16)}"
                file.write(f"{name.replace('_', '-')}<<{end}\n{text}\n{end}\n")

    def summarise(self, page: str) -> None:
        """Add a page of Markdown to the summary of the run."""
        if self.summary and self["SUMMARY"] != "false":
            content = page.encode("utf-8", "replace")[:_LARGEST_SUMMARY]
            with open(self.summary, "ab") as file:
                file.write(content + b"\n")


def read_step(environ: Mapping[str, str]) -> Step:
    """Raises `Usage` for an input that is none of its choices."""
    inputs = {
        name.removeprefix(_MARK): value
        for name, value in environ.items()
        if name.startswith(_MARK) and value
    }
    for name, choices in _CHOICES.items():
        if name in inputs and inputs[name] not in choices:
            told = name.lower().replace("_", "-")
            raise Usage(f"the input '{told}' is none of {', '.join(choices)}: {inputs[name]!r}")
    temporary = environ.get("RUNNER_TEMP") or "."
    report = inputs.get("REPORT_FILE") or f"{temporary}/cdk-stream-report.json"
    output, summary = environ.get("GITHUB_OUTPUT", ""), environ.get("GITHUB_STEP_SUMMARY", "")
    return Step(inputs, report, output, summary, environ.get("GITHUB_SHA") or "HEAD")


def read_json(path: str) -> Any:
    """The answer that a verb has written; None when it came to none."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def exposures(nodes: Iterable[str]) -> list[str]:
    """The names of exposures, each once."""
    return sorted({node.removeprefix("exposure.") for node in nodes})


@contextmanager
def text_only() -> Iterator[None]:
    """What is printed meanwhile is text: GitHub takes no commands from it.

    Errors go to stdout as well: a runner reads both, and nobody knows in which order.
    """
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        with redirect_stderr(sys.stdout):
            yield
    finally:
        print(f"::{token}::", flush=True)
