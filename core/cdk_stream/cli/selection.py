"""Selectors on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cdk_stream.cli.options import project_root
from cdk_stream.problems import Severity, refuse_errors
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.select import nothing_selected, select
from cdk_stream.workflow.check import changes_since
from cdk_stream.workflow.compile import Compiled, compile_project

SELECTORS = """\
selectors, in dbt's grammar:
  name, model.name          a node; * and ? match any text
  +name, name+, +name+      with all that it reads, with all that reads it, with both
  2+name, name+1            ... so many steps away
  @name                     all that reads it, and all that those need
  tag:x, owner:x, path:x    by what a node says; also classification, cluster, region, topic,
                            domain, materialized, backend, format, role, type, config.KEY
  state:modified            what differs from --base; also new, old, breaking, risky, safe,
                            and modified.schema, .meaning, .security, .state, .promise
  a b                       either
  a,b                       both
"""


def add_selection(parser: argparse.ArgumentParser) -> None:
    """`SELECTOR...`, `--exclude` and `--base`."""
    parser.add_argument("selectors", metavar="SELECTOR", nargs="*", help="what to pick; see below")
    parser.add_argument(
        "--exclude", metavar="SELECTOR", action="append", default=[], help="what to leave out again"
    )
    parser.add_argument(
        "--base", metavar="REF", help="for state: selectors, the commit to compare with"
    )


def refuse_broken(compilation: Compilation) -> None:
    """Raise `Refused` with the errors of a project: it has no manifest to look at."""
    refuse_errors(problem for problem in compilation.problems if problem.severity is Severity.ERROR)


def selected(arguments: argparse.Namespace) -> tuple[Manifest, list[str]]:
    """The compiled project and the ids that are picked, parents first.

    Raises `Refused` for a project with errors and `Usage` for what does not exist. An empty
    selection is said on stderr.
    """
    root = project_root(arguments.project_dir)
    compiled = compile_project(root)
    refuse_broken(compiled.compilation)
    return compiled.manifest, picked(root, compiled, arguments)


def picked(root: Path, compiled: Compiled, arguments: argparse.Namespace) -> list[str]:
    """The ids that are picked of a compiled project without errors, as `selected` has them."""
    changes = changes_since(root, arguments.base, compiled) if arguments.base is not None else None
    chosen = select(compiled.manifest, arguments.selectors, arguments.exclude, changes)
    if not chosen:
        words = nothing_selected(arguments.selectors, arguments.exclude)
        print(f"cdk-stream: {words}", file=sys.stderr)
    return chosen
