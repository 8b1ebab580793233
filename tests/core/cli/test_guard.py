"""What a verb raises, and the exit code it becomes."""

from __future__ import annotations

import errno
import os
import platform
import subprocess
import sys
from typing import Never

import pytest

from cdk_stream.cli.guard import guarded
from cdk_stream.problems import Location, Problem, Refused, Usage

REFUSED = Refused([Problem(Location("models/x.yml", 3), "CS101", "not YAML", "mend it")])


def raising(error: BaseException) -> Never:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (REFUSED, 1, "models/x.yml:3: CS101 not YAML\n    mend it\n"),
        (Usage("no such verb"), 2, "cdk-stream: no such verb\n"),
        (
            OSError(errno.ENOSPC, "No space left", "target"),
            2,
            "cdk-stream: target: No space left\n",
        ),
        (OSError(errno.ENOSPC, "No space left"), 2, "cdk-stream: the output: No space left\n"),
        (KeyboardInterrupt(), 130, ""),
        (SystemExit(0), 0, ""),
    ],
)
def test_is_told_on_stderr(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(lambda: raising(error), []) == code
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", told)


@pytest.mark.parametrize("error", [KeyError("boom"), RecursionError(), OSError("odd")])
def test_our_bug_can_be_pasted(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: raising(error), ["check", "--strict"]) == 3
    shown = capsys.readouterr().err
    assert "this is a bug of cdk-stream, not a mistake of yours" in shown
    assert f"Python {platform.python_version()}" in shown
    assert "- arguments: check --strict" in shown
    assert f"{type(error).__name__}" in shown and "Traceback" in shown


def test_a_reader_that_goes_away_is_no_news() -> None:
    script = (
        "import sys\n"
        "from cdk_stream.cli.guard import guarded\n"
        "from cdk_stream.cli.output import write\n"
        "def run():\n"
        "    for _ in range(10_000): write('x' * 100 + '\\n')\n"
        "    return 0\n"
        "sys.exit(guarded(run, []))"
    )
    reading, writing = os.pipe()
    process = subprocess.Popen([sys.executable, "-c", script], stdout=writing, stderr=-1)
    os.close(writing)
    os.read(reading, 10)
    os.close(reading)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (141, b"")
