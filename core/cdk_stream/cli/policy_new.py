"""`cdk-stream policy new`: a policy to start from, with a test that holds."""

from __future__ import annotations

import argparse

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.policy.scaffold import NAME, scaffold
from cdk_stream.problems import Usage
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import WorkTree

FORMATS = ("text",)
ABOUT = """\
Write a policy and its test into the project's folder of policies. They work as they stand: change
what they ask for, and run `cdk-stream policy test`. Nothing that is there is overwritten.
"""
EXAMPLES = """\
examples:
  cdk-stream policy new naming            policies/naming.rego and policies/naming_test.rego
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("name", metavar="NAME", help="the policy's id: lower-case letters and _")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write both files."""
    root = project_root(arguments.project_dir)
    if not NAME.fullmatch(arguments.name):
        raise Usage(
            f"'{arguments.name}' is not a name for a policy\n"
            "    use lower-case letters, digits and _, and begin with a letter"
        )
    folder = root / next(iter(Loader(WorkTree(root)).project().policies.paths), "policies")
    files = {folder / name: text for name, text in scaffold(arguments.name).items()}
    for path in files:
        if path.exists():
            raise Usage(f"'{path}' is there already\n    choose another name, or remove it")
    for path, text in files.items():
        write_file(text.encode(), str(path))
        write(f"wrote {path.relative_to(root)}\n")
    return 0
