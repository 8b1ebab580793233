"""`cdk-stream policy list`: the policies that the project is judged by."""

from __future__ import annotations

import argparse
from typing import Any

import orjson

from cdk_stream.cli.options import add_format, add_project_dir
from cdk_stream.cli.output import write
from cdk_stream.cli.policy_shelf import shelf_of
from cdk_stream.policy.check import Policy
from cdk_stream.policy.laid import Laid
from cdk_stream.policy.level import level
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.resources.project import PolicySettings

FORMATS = ("text", "json")
ABOUT = """\
List the policies that the project is judged by: those of bundles, and its own. Each is shown with
how strictly it holds here (deny, warn or off), and the bundle that brings it. Policies with a
fault are refused, with its place.
"""
EXAMPLES = """\
examples:
  cdk-stream policy list
  cdk-stream policy list --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the policies; refuses those that have faults."""
    shelf = shelf_of(arguments)
    _, policies = shelf.load()
    settings, laid = shelf.standing(policies)
    found = [about(policy, settings, laid) for policy in policies]
    if arguments.format == "json":
        document = {"format": "cdk-stream/policies@1", "policies": found}
        write(orjson.dumps(document, option=OPTIONS).decode())
    else:
        width = max(len(policy["id"]) for policy in found)
        write("".join(_line(policy, width) for policy in found))
    return 0


def about(policy: Policy, settings: PolicySettings, laid: Laid) -> dict[str, Any]:
    """A policy as plain data."""
    metadata = policy.metadata
    values = settings.params.get(metadata.id, {})
    return {
        "id": metadata.id,
        "title": metadata.title,
        "description": metadata.description,
        "level": level(policy, settings),
        "required_by": laid.required.get(metadata.id, ""),
        "severity": metadata.severity.value,
        "category": metadata.category,
        "owner": metadata.owner,
        "bundle": policy.bundle,
        "file": policy.path,
        "rules": [entry.rule for entry in policy.entries],
        "remediation": metadata.remediation,
        "docs": metadata.docs,
        "params": {
            name: {
                "value": values.get(name, known.default),
                "default": known.default,
                "overridable": known.overridable,
                "schema": known.schema,
                **({"description": known.description} if known.description else {}),
            }
            for name, known in metadata.parameters.items()
        },
    }


def _line(policy: dict[str, Any], width: int) -> str:
    title = plain(policy["title"] or policy["file"])
    return f"{policy['level']:<5} {policy['id']:<{width}}  {policy['bundle']:<8} {title}\n"
