"""`python -I -m cdk_stream.cli.action`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping

from cdk_stream.cli.action.check import check
from cdk_stream.cli.action.deploy import deploy
from cdk_stream.cli.action.review import review
from cdk_stream.cli.action.step import Step, read_step
from cdk_stream.cli.guard import guarded
from cdk_stream.problems import Usage, near

COMMANDS: dict[str, Callable[[Step], int]] = {"check": check, "deploy": deploy, "review": review}


def main(environ: Mapping[str, str]) -> int:
    """Run the step; the exit code of the command is its own."""
    return guarded(lambda: _run(read_step(environ)), [])


def _run(step: Step) -> int:
    command = step["COMMAND"] or "check"
    if command not in COMMANDS:
        raise Usage(f"the action has no command '{command}'\n    {near(command, COMMANDS)}")
    return COMMANDS[command](step)


if __name__ == "__main__":
    gc.disable()  # a run makes no cycles worth collecting; looking for them costs a fifth of it
    sys.exit(main(os.environ))
