"""`cdk-stream access`: who may read a column, and what somebody may read."""

from __future__ import annotations

import argparse
from collections.abc import Collection

import orjson

from cdk_stream.cli.names import find_column
from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.cli.selection import refuse_broken
from cdk_stream.problems import Usage, near
from cdk_stream.report.access import document, table, text
from cdk_stream.report.json import OPTIONS
from cdk_stream.results.access import Access
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.access import (
    account_reads,
    exposure_reads,
    known_accounts,
    role_reads,
    who_reads,
)
from cdk_stream.workflow import compile as workflow

FORMATS = ("text", "json", "csv")
ABOUT = """\
Tell who may read a column: in which topics, views and targets its value lies, whatever it is called
there; which applications, jobs and connectors have a right to those, at the brokers or through the
Gateway; and whether they see it in clear, masked or encrypted. Or, the other way round, tell what a
role, an account or an application may read.

What the project cannot know, such as rights that others gave to a topic of theirs, is told as not
known, and counts as readable.
"""
EXAMPLES = """\
examples:
  cdk-stream access payments_clean.card_number
  cdk-stream access source.card_payments_raw.card_number --format csv
  cdk-stream access --role support
  cdk-stream access --exposure fraud_scoring_service
  cdk-stream access --principal bi-reader --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "column", metavar="MODEL.COLUMN", nargs="?", help="a column of a model or source"
    )
    parser.add_argument("--role", metavar="ROLE", help="what a role of the project may read")
    parser.add_argument("--principal", metavar="ACCOUNT", help="what an account may read")
    parser.add_argument("--exposure", metavar="NAME", help="what an application may read")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the answer."""
    asked = [arguments.column, arguments.role, arguments.principal, arguments.exposure]
    if sum(one is not None for one in asked) != 1:
        raise Usage("name one: MODEL.COLUMN, --role, --principal or --exposure")
    compiled = workflow.compile_project(project_root(arguments.project_dir))
    refuse_broken(compiled.compilation)
    manifest = compiled.manifest
    access = _access(manifest, arguments)
    if arguments.format == "json":
        write(orjson.dumps(document(manifest, access), option=OPTIONS).decode())
    else:
        write(table(access) if arguments.format == "csv" else text(access))
    return 0


def _access(manifest: Manifest, arguments: argparse.Namespace) -> Access:
    if arguments.column is not None:
        return who_reads(manifest, find_column(manifest.nodes, arguments.column))
    if arguments.role is not None:
        roles = manifest.project.get("roles", {})
        return role_reads(manifest, _known(arguments.role, roles, "role"))
    if arguments.principal is not None:
        account = arguments.principal.removeprefix("User:")
        return account_reads(manifest, _known(account, known_accounts(manifest), "account"))
    exposures = [node[9:] for node in manifest.nodes if node.startswith("exposure.")]
    name = arguments.exposure.removeprefix("exposure.")
    return exposure_reads(manifest, f"exposure.{_known(name, exposures, 'exposure')}")


def _known(name: str, known: Collection[str], kind: str) -> str:
    if name in known:
        return name
    mend = near(name, known)
    raise Usage(f"the project has no {kind} '{name}'" + (f"\n    {mend}" if mend else ""))
