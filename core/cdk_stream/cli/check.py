"""`cdk-stream check`: the verdict."""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import replace
from pathlib import Path

from cdk_stream.cli.consumers import add_consumers, consumers_of
from cdk_stream.cli.operator import add_operator, operator_of
from cdk_stream.cli.options import (
    add_also,
    add_environment,
    add_format,
    add_project_dir,
    also,
    project_root,
)
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here, in_repository
from cdk_stream.git import find_repository
from cdk_stream.problems import Refused, Usage
from cdk_stream.report.finding import findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain
from cdk_stream.report.summary import headline
from cdk_stream.results.verdict import Verdict
from cdk_stream.stages.load.environment import EnvironmentTree
from cdk_stream.tree import PROJECT_FILE, Tree, WorkTree
from cdk_stream.workflow import check as workflow

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit")
ABOUT = """\
Compile the project and ask every policy about it. With --base, compile that version as well
(from Git, without a checkout) and say what changed, how dangerous each change is, and which
applications it reaches, with their owners and the promises at risk. With --staged or --commit,
the files come from Git as well, and what lies in the folder does not count.

Errors and denials refuse the project. Warnings do not, unless --strict is given. An approval
that a policy asks for is told, and refuses nothing here: whoever merges must see to it.
"""
EXAMPLES = """\
examples:
  cdk-stream check                                  the project as it lies on disk
  cdk-stream check --base main                      ... and what differs from where it left main
  cdk-stream check --base main --format markdown    a comment for the pull request
  cdk-stream check --staged                         what the next commit would hold
  cdk-stream check --commit HEAD --base HEAD~1      what the last commit did
  cdk-stream check --base main --consumers live     ... and whoever reads it without being declared
  cdk-stream check --format sarif --output out.sarif
  cdk-stream check --also sarif=out.sarif --also markdown=comment.md
  cdk-stream check --require /etc/acme/bundles.yml  with the bundles that the platform asks for

engines:
  embedded       the one built in
  opa            the opa executable on PATH; or name its path: /usr/local/bin/opa
  https://...    an OPA server
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--base",
        metavar="REF",
        help="a branch, tag or commit to compare with, at the point where this branch left it",
    )
    add_environment(parser)
    versions = parser.add_mutually_exclusive_group()
    versions.add_argument("--staged", action="store_true", help="what is staged, not the folder")
    versions.add_argument("--commit", metavar="REF", help="that commit, not the folder")
    parser.add_argument("--strict", action="store_true", help="warnings refuse as errors do")
    add_operator(parser)
    add_consumers(parser)
    add_format(parser, FORMATS)
    parser.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    add_also(parser)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the verdict; 1 when it refuses."""
    in_git = arguments.staged or arguments.commit is not None
    root = _folder(arguments.project_dir) if in_git else project_root(arguments.project_dir)
    files = also(arguments, FORMATS)
    if arguments.base == "":  # an unset variable of a script must not turn the comparison off
        raise Usage("--base is empty\n    name a branch, tag or commit, or leave it out")
    if arguments.consumers is not None and arguments.base is None:
        raise Usage("--consumers says who reads what changes: it needs --base")
    operator = replace(operator_of(arguments, root), consumers=consumers_of(arguments, root))
    version = _seen(root, arguments, _version(root, arguments))
    verdict = _judge(root, arguments.base, version, operator)
    if version is not None:
        verdict = replace(verdict, head=version.tree.name)
    frame = _frame(root, arguments)
    renderer = importlib.import_module(f"cdk_stream.report.{arguments.format}")
    write(renderer.render(verdict, frame), arguments.output)
    for form, path in files:
        others = Frame(arguments.strict, in_repository(root))
        write(importlib.import_module(f"cdk_stream.report.{form}").render(verdict, others), path)
    if arguments.output:
        words = headline(verdict, findings(verdict, frame), frame)
        print(f"project {plain(verdict.project)} {words}", file=sys.stderr)
    return 0 if verdict.passed(arguments.strict) else 1


def _seen(
    root: Path, arguments: argparse.Namespace, version: workflow.Version | None
) -> workflow.Version | None:
    """The version as the environment sees it that is asked for."""
    if not arguments.environment:
        return version
    given = version or workflow.Version(WorkTree(root))
    return replace(given, tree=EnvironmentTree(given.tree, arguments.environment))


def _folder(given: str | None) -> Path:
    """Where the project lies in Git; not every commit's folders are here."""
    return project_root(None) if given is None else Path(given).resolve()


def _version(root: Path, arguments: argparse.Namespace) -> workflow.Version | None:
    """What of Git the options name."""
    if arguments.commit is not None:
        repository = find_repository(root)
        commit = repository.resolve(arguments.commit)
        tree: Tree | None = repository.at(arguments.commit)
        if tree is None:
            raise Usage(f"commit '{arguments.commit}' has no {PROJECT_FILE} in '{root}'")
        return workflow.Version(tree, commit)
    if not arguments.staged:
        return None
    tree = find_repository(root).staged()
    if PROJECT_FILE not in tree.files() and PROJECT_FILE not in tree.links():
        raise Usage(f"no {PROJECT_FILE} is staged in '{root}'\n    git add it")
    return workflow.Version(tree)


def _judge(
    root: Path,
    base: str | None,
    version: workflow.Version | None,
    operator: workflow.Operator,
) -> Verdict:
    """A project that does not even load gets a verdict too: the reader asked for a format."""
    try:
        return workflow.check(root, base, version, operator)
    except Refused as refused:
        return Verdict(root.resolve().name, refused.problems)


def _frame(root: Path, arguments: argparse.Namespace) -> Frame:
    if arguments.format == "text":
        colour = arguments.output is None and colour_wanted()
        return Frame(arguments.strict, from_here(root), colour)
    return Frame(arguments.strict, in_repository(root))
