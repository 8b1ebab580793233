"""`cdk-stream codeowners`: GitHub's own guard of the files that rule a project."""

from __future__ import annotations

import argparse
import json

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.git import find_repository
from cdk_stream.report.plain import plain
from cdk_stream.workflow.codeowners import Codeowners, codeowners

ABOUT = """\
Write the owners of the rules into CODEOWNERS, for the files that rule the project: workflows,
the project file, waivers, policies. Their block is marked and stands last, where it wins; all
other lines are left alone. With --check, only say whether that is so.
"""
EXAMPLES = """\
examples:
  cdk-stream codeowners           write the block
  cdk-stream codeowners --check   in CI: is the block as the project file says, and does it win?
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("--check", action="store_true", help="write nothing, say whether it fits")
    add_format(parser, ("text", "json"))
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the block, or say whether it is there; 1 when it is not, or when it does not win."""
    root = project_root(arguments.project_dir)
    found = codeowners(root, find_repository(root).prefix)
    fits = found.text == found.wanted
    if not fits and not arguments.check:
        write_file(found.wanted.encode(), str(found.path))
    write(_shown(found, arguments))
    return 1 if found.overriding or (arguments.check and not fits) else 0


def _shown(found: Codeowners, arguments: argparse.Namespace) -> str:
    fits = found.text == found.wanted
    if arguments.format == "json":
        told = {"path": str(found.path), "fits": fits, "overriding": list(found.overriding)}
        return json.dumps({"written": not fits and not arguments.check, **told}, indent=2) + "\n"
    name = plain(str(found.path))
    lines = [
        f"{name}:{line}: this line wins over those of cdk-stream: move it above them"
        for line in found.overriding
    ]
    if fits:
        lines.append(f"{name} fits the project")
    elif arguments.check:
        lines.append(f"{name} does not fit the project\n    cdk-stream codeowners writes it")
    else:
        lines.append(f"wrote {name}")
    return "\n".join(lines) + "\n"
