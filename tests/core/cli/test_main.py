"""The command line before any verb runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdk_stream import __version__
from cdk_stream.cli.main import VERBS, main

HEAVY = ("pydantic", "sqlglot", "yaml", "orjson", "pluggy", "networkx", "regorus")


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for verb, summary in VERBS.items():
        assert f" {verb} {summary}" in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cdk-stream {__version__}\n"


def test_nothing_to_do_is_a_question_not_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err[:30]) == ("", "usage: cdk-stream VERB [OPTION")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chekc"], "there is no verb 'chekc'\n    did you mean 'check'?"),
        (
            ["check", "--bsae", "main"],
            "--bsae main\n    did you mean '--base'?\n    see cdk-stream check",
        ),
        (["--verbose"], "unrecognized arguments: --verbose\n    see cdk-stream --help"),
        (["schema", "--format", "yaml"], "see cdk-stream schema --help"),
        (["schema", "--outp", "x"], "unrecognized arguments: --outp x"),
        (["explain"], "the following arguments are required: MODEL"),
        (["check", "--project-dir", "nowhere"], "there is no stream_project.yml in 'nowhere'"),
    ],
)
def test_what_does_not_exist_is_usage(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("cdk-stream: ") and told in shown.err


def test_outside_of_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "name the project's folder with --project-dir" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from cdk_stream.cli.main import main; main(['--help'])\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("width", ["40", "200"])
def test_help_looks_the_same_on_every_terminal(width: str) -> None:
    def shown(columns: str) -> str:
        environment = os.environ | {"COLUMNS": columns}
        command = [sys.executable, "-m", "cdk_stream.cli.main", "schema", "--help"]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert shown(width) == shown("80")


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_a_closed_output_takes_nothing_and_the_exit_code_still_tells(closed: str) -> None:
    script = f"{sys.executable} -m cdk_stream.cli.main chekc {closed}"
    assert subprocess.run(["sh", "-c", script], check=False, capture_output=True).returncode == 2
    script = f"{sys.executable} -m cdk_stream.cli.main --version {closed}"
    shown = subprocess.run(["sh", "-c", script], check=False, capture_output=True)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, b"", b"")
