"""`cdk-stream policy explain`: what a policy asks for, and how it stands here."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import orjson

from cdk_stream.cli.options import add_format, add_project_dir
from cdk_stream.cli.output import write
from cdk_stream.cli.policy_list import about
from cdk_stream.cli.policy_shelf import chosen_policies, shelf_of
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain

FORMATS = ("text", "json")
ABOUT = """\
Tell what a policy asks for, how strictly it holds in this project, what mends its findings, and
what its parameters are and mean.
"""
EXAMPLES = """\
examples:
  cdk-stream policy explain residency
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("id", metavar="ID", help="the policy's id, as `policy list` shows it")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show one policy."""
    shelf = shelf_of(arguments)
    _, policies = shelf.load()
    (policy,) = chosen_policies(policies, [arguments.id])
    found = about(policy, *shelf.standing(policies))
    if arguments.format == "json":
        document = {"format": "cdk-stream/policy@1", **found}
        write(orjson.dumps(document, option=OPTIONS).decode())
    else:
        write("\n".join(_lines(found)) + "\n")
    return 0


def _lines(policy: dict[str, Any]) -> Iterator[str]:
    yield f"{policy['id']}: {plain(policy['title'] or policy['file'])}"
    if policy["description"]:
        yield ""
        yield from (f"  {plain(line)}" for line in policy["description"].strip().splitlines())
    yield ""
    own = "deny" if policy["severity"] == "error" else "warn"
    said = "" if policy["level"] == own else f", set here; its own level is {own}"
    if policy["required_by"]:
        said += f"; required by bundle '{policy['required_by']}'"
    yield f"  level    {policy['level']}{said}"
    yield f"  rules    {', '.join(policy['rules'])}"
    yield f"  bundle   {policy['bundle']}, {policy['file']}"
    for key in ("owner", "docs"):
        if policy[key]:
            yield f"  {key:<8} {plain(policy[key])}"
    if policy["remediation"]:
        yield f"  mend     {plain(' '.join(policy['remediation'].split()))}"
    if policy["params"]:
        yield "\nparameters"
        for name, known in policy["params"].items():
            yield from _parameter(name, known)


def _parameter(name: str, known: dict[str, Any]) -> Iterator[str]:
    value, default = (orjson.dumps(known[key]).decode() for key in ("value", "default"))
    said = "" if value == default else f" (default {default})"
    fixed = "" if known["overridable"] else ", not for projects to set"
    yield f"  {name} = {plain(value)}{said}{fixed}"
    if known.get("description"):
        yield f"      {plain(known['description'])}"
