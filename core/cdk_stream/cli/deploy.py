"""`cdk-stream deploy`: carries out an approved plan."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from cdk_stream.cli.deploying import (
    FORMATS,
    add_break_glass,
    add_choices,
    choices,
    document,
    say,
    summary,
)
from cdk_stream.cli.operator import operator_around
from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.cli.progress import Lines
from cdk_stream.problems import Usage
from cdk_stream.workflow.approved import read_plan
from cdk_stream.workflow.deploy import Order, deploy, who
from cdk_stream.workflow.draft import Asked
from cdk_stream.workflow.proof import prover
from cdk_stream.workflow.site import Place, find_past, find_place, open_site

ABOUT = """\
Carry out a plan, exactly as it was approved: everything is planned again first, and refused when
the project, the record or a live system has changed since. Every step is written down before and
after. A deploy that was killed goes on where it stopped when it is started again.

A protected environment wants a plan of a commit, and proves the approvals of all that was merged
since the last deploy from the forge and from Git. Elsewhere the plan may be left out.
"""
EXAMPLES = """\
examples:
  cdk-stream deploy --environment dev       plan the folder, and carry it out
  cdk-stream plan --environment prod --out plan.json
  cdk-stream deploy plan.json               carry out that plan, and no other
  cdk-stream deploy plan.json --break-glass "INC-812: payments stand still"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("plan", metavar="PLAN", nargs="?", help="a file that plan --out wrote")
    add_environment(parser)
    parser.add_argument("--commit", metavar="REF", help="that commit, when there is no PLAN")
    add_choices(parser)
    add_break_glass(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Deploy, showing every step; 1 when one failed."""
    root = project_root(arguments.project_dir)
    if arguments.break_glass == "":
        raise Usage("--break-glass is empty\n    say why, for the record")
    if arguments.plan is None:
        place = find_place(root, arguments.environment, arguments.commit)
        return carry_out(place, Asked(choices(arguments)), arguments)
    if arguments.environment or arguments.commit or arguments.adopt or arguments.delete:
        raise Usage("a PLAN says what to deploy where\n    leave the other options out")
    approved = read_plan(Path(arguments.plan))
    if approved.purpose == "rollback":
        place = find_past(root, approved.environment, approved.commit)
    else:
        place = find_place(root, approved.environment, approved.commit or None)
    if place.commit != approved.commit:
        raise Usage("the plan is of a working tree\n    plan a commit for a protected environment")
    asked = Asked(approved.choices, approved.purpose)
    return carry_out(place, asked, arguments, approved.digest)


def carry_out(place: Place, asked: Asked, arguments: argparse.Namespace, digest: str = "") -> int:
    """Deploy, showing every step; the exit code. `digest` is that of the approved plan, if any."""
    broken_glass: str | None = getattr(arguments, "break_glass", None)
    as_json = arguments.format == "json"
    past, broken = asked.purpose == "rollback", asked.purpose == "destroy"
    operator = operator_around(place.root)
    site = open_site(place, os.environ, broken=broken, past=past)
    proving = prover(site, digest, broken_glass, operator)
    try:
        lines = Lines(aside=as_json)
        order = Order(asked, digest, who(os.environ))
        with lines.shown():
            deployed = deploy(site, order, proving, lines)
    finally:
        site.close()
    write(document(deployed) if as_json else summary(deployed))
    if broken_glass and deployed.record:
        say(f"record {deployed.record.serial} says that glass was broken: {broken_glass}\n")
    return 1 if deployed.failed else 0
