"""`cdk-stream policy fetch`: the policy bundles that the project pins."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.problems import Usage
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.report.words import plural
from cdk_stream.workflow.fetch import Fetched, fetch_bundles, update_bundles

FORMATS = ("text", "json")
ABOUT = """\
Bring the policy bundles that the project lists under `policies: bundles:`, from their Git
repositories, registries and folders, each as its pin says. They are kept in the user's cache, and
verified against the pin whenever they are read; from then on checking needs no network.

With --base, those of the version to compare with are brought as well. With --update, each pin is
set to what its `ref:` or `tag:` stands for now (or the folder holds now), and what has changed is
told; look at it, and commit the project file.
"""
EXAMPLES = """\
examples:
  cdk-stream policy fetch                    what this version of the project pins
  cdk-stream policy fetch --base main        ... and what main pins, for check --base main
  cdk-stream policy fetch --update           the newest of everything, with new pins
  cdk-stream policy fetch --update acme      ... of the bundle 'acme' alone
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "bundles", metavar="BUNDLE", nargs="*", help="only bundles of this name; left out, all"
    )
    parser.add_argument("--update", action="store_true", help="write new pins")
    parser.add_argument(
        "--base", metavar="REF", help="bring what the project pinned where it left REF, too"
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Bring the bundles and say what is there now."""
    root = project_root(arguments.project_dir)
    if arguments.base == "":
        raise Usage("--base is empty\n    name a branch, tag or commit, or leave it out")
    found = update_bundles(root, arguments.bundles) if arguments.update else []
    if arguments.base or not arguments.update:
        found += fetch_bundles(root, arguments.bundles, arguments.base or "")
    if arguments.format == "json":
        document = {"format": "cdk-stream/bundles@1", "bundles": list(map(_document, found))}
        write(orjson.dumps(document, option=OPTIONS).decode())
    else:
        write("".join(f"{line}\n" for one in found for line in _lines(one)) or "no bundles\n")
    return 0


def _document(one: Fetched) -> dict[str, Any]:
    bundle = one.bundle
    return {
        "name": bundle.name,
        "version": str(bundle.file.version),
        "description": bundle.file.description,
        "source": one.pin.source,
        "path": one.pin.path,
        "pin": one.pin.pin,
        "brought": one.brought,
        "files": sorted(bundle.policies.modules),
        "templates": sorted(bundle.templates),
        "macros": sorted(bundle.macros),
        **({"before": one.before.pin, "changes": list(one.changes)} if one.before else {}),
    }


def _lines(one: Fetched) -> Iterator[str]:
    bundle = one.bundle
    brings = [
        plural(len(bundle.policies.modules), "policy file"),
        plural(len(bundle.templates), "template"),
        plural(len(bundle.macros), "macro"),
    ]
    was = "" if one.brought else ", was there already"
    yield plain(
        f"{bundle.name} {bundle.file.version}: {one.pin} at {one.pin.short} "
        f"({', '.join(brings)}){was}"
    )
    if one.before is not None:
        until = one.before.short if one.before.pinned else one.before.pin or "nothing"
        yield plain(f"    pinned to {until} until now")
        yield from (plain(f"    {change}") for change in one.changes)
