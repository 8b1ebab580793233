"""`python -I -m cdk_stream.cli.action`: a verb as a step of GitHub Actions."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_stream.cli.guard import guarded
from cdk_stream.cli.main import main as cdk_stream
from cdk_stream.problems import Usage, near

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


def main(environ: Mapping[str, str]) -> int:
    """Run the step; the exit code of the verb is its own."""
    return guarded(lambda: _run(_step(environ)), [])


def _run(step: Step) -> int:
    command = step["COMMAND"] or "check"
    if command not in _COMMANDS:
        mend = near(command, _COMMANDS)
        raise Usage(f"the action has no command '{command}'\n    {mend}")
    return _COMMANDS[command](step)


def _step(environ: Mapping[str, str]) -> Step:
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


def _check(step: Step) -> int:
    page = f"{step.report}.md"
    options = ["--format", "github" if step["ANNOTATIONS"] != "false" else "text"]
    options += ["--also", f"json={step.report}", "--also", f"markdown={page}"]
    if step["SARIF_FILE"]:
        options += ["--also", f"sarif={step['SARIF_FILE']}"]
    if step["BASE"]:
        options += ["--base", step["BASE"]]
    if step["FAIL_ON"] == "warning":
        options.append("--strict")
    code = cdk_stream(["check", *_common(step), *options])
    verdict = _read(step.report)
    if verdict:
        impacts = verdict.get("impacts") or ()
        _answer(step, "decision", verdict["outcome"])
        exposures = sorted({impact["exposure"] for impact in impacts})
        _answer(step, "impacted-exposures", json.dumps(exposures))
        _answer(step, "required-owners", json.dumps(sorted(verdict["approvers"])))
        _answer(step, "report-path", step.report)
        _summarise(step, page)
    return code


def _deploy(step: Step) -> int:
    """Plan the commit, show it, and carry out that plan and no other."""
    plan, page = f"{step.report}.plan", f"{step.report}.md"
    if not step["ENVIRONMENT"]:
        raise Usage("the input 'environment' says where to deploy, and is empty")
    root = ["--project-dir", step["PROJECT_DIR"] or "."]
    asked = ["--environment", step["ENVIRONMENT"], "--commit", step.commit, "--out", plan]
    with _silenced(), open(page, "w", encoding="utf-8") as shown, redirect_stdout(shown):
        code = cdk_stream(["plan", *_common(step), *asked, "--format", "markdown"])
    _summarise(step, page)
    if code:
        return code
    with _silenced():
        return cdk_stream(["deploy", plan, *root])


def _common(step: Step) -> list[str]:
    try:
        more = shlex.split(step["ARGUMENTS"])
    except ValueError as error:
        raise Usage(f"the input 'arguments' is no line of a shell: {error}") from None
    return ["--project-dir", step["PROJECT_DIR"] or ".", *more]


def _read(path: str) -> Any:
    """The answer that a verb has written; None when it came to none."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _answer(step: Step, name: str, value: str) -> None:
    """An output; nobody who writes into `value` can know how it ends."""
    if step.output:
        end = f"end-{secrets.token_hex(16)}"
        with open(step.output, "a", encoding="utf-8") as file:
            file.write(f"{name}<<{end}\n{value}\n{end}\n")


def _summarise(step: Step, page: str) -> None:
    if step.summary and step["SUMMARY"] != "false":
        content = Path(page).read_bytes()[:_LARGEST_SUMMARY]
        with open(step.summary, "ab") as file:
            file.write(content + b"\n")


@contextmanager
def _silenced() -> Iterator[None]:
    """What is printed meanwhile is text: GitHub takes no commands from it."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        sys.stderr.flush()
        print(f"::{token}::", flush=True)


_COMMANDS: dict[str, Callable[[Step], int]] = {"check": _check, "deploy": _deploy}

if __name__ == "__main__":
    sys.exit(main(os.environ))
