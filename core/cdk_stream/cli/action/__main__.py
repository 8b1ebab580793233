"""`python -I -m cdk_stream.cli.action`."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr

from cdk_stream.cli.action.check import check
from cdk_stream.cli.action.deploy import deploy
from cdk_stream.cli.action.review import review
from cdk_stream.cli.action.step import Step, read_step, text_only
from cdk_stream.cli.guard import guarded
from cdk_stream.problems import Usage, near

COMMANDS: dict[str, Callable[[Step], int]] = {"check": check, "deploy": deploy, "review": review}


def main(environ: Mapping[str, str]) -> int:
    """Run the step; the exit code of the command is its own.

    An error may quote a stranger's file, so that it is held back until no command is taken from it.
    """
    with redirect_stderr(io.StringIO()) as held:
        code = guarded(lambda: _run(read_step(environ)), [])
    if held.getvalue():
        with text_only():
            sys.stdout.write(held.getvalue())
    return code


def _run(step: Step) -> int:
    command = step["COMMAND"] or "check"
    if command not in COMMANDS:
        raise Usage(f"the action has no command '{command}'\n    {near(command, COMMANDS)}")
    return COMMANDS[command](step)


if __name__ == "__main__":
    gc.disable()  # a run makes no cycles worth collecting; looking for them costs a fifth of it
    sys.exit(main(os.environ))
