"""What whoever runs a check says over the project: `--engine` and `--require`."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path
from typing import Any

from cdk_stream.cli.options import add_engine
from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.problems import Usage
from cdk_stream.resources.engine import Engine
from cdk_stream.workflow.check import NOBODY, Operator

REQUIRED = "CDK_STREAM_REQUIRED_BUNDLES"


def add_operator(parser: argparse.ArgumentParser) -> None:
    """`--engine ENGINE` and `--require FILE`."""
    add_engine(parser)
    parser.add_argument(
        "--require",
        metavar="FILE",
        help="refuse a project that does not list the policy bundles that FILE asks for; "
        f"the variable {REQUIRED} names such a file as well",
    )


def operator_of(arguments: argparse.Namespace, root: Path) -> Operator:
    """The operator's word on the project in `root`; Usage for a file that the project brings."""
    if arguments.engine == "" or arguments.require == "":  # an unset variable of a script
        option = "--engine" if arguments.engine == "" else "--require"
        raise Usage(f"{option} is empty\n    say what it names, or leave it out")
    engine = _engine(arguments.engine) if arguments.engine else None
    files = [file for file in (arguments.require, os.environ.get(REQUIRED)) if file]
    required = [one for file in dict.fromkeys(files) for one in _required(Path(file), root)]
    return Operator(engine, tuple(required))


def _engine(text: str) -> Engine:
    """What `text` names; engines are read only when one is named, or has to judge."""
    found: Engine = importlib.import_module("cdk_stream.policy.choice").named(text)
    return found


def operator_around(root: Path) -> Operator:
    """What the variable alone says, where there are no options."""
    file = os.environ.get(REQUIRED)
    return Operator(required=_required(Path(file), root)) if file else NOBODY


def _required(file: Path, root: Path) -> tuple[Any, ...]:
    path = Path(os.path.realpath(file))
    if _is_tracked(path, root):
        message = f"'{file}' is part of the project's repository: a change could rewrite it"
        raise Usage(f"{message}\n    take it from a place that the project's team cannot change")
    found: tuple[Any, ...] = importlib.import_module("cdk_stream.bundle.require").read_requirements(
        path
    )
    return found


def _is_tracked(path: Path, root: Path) -> bool:
    try:
        return bool(run_git(str(root), "ls-files", "--full-name", "--", str(path)).strip())
    except GitFailed:
        return False
