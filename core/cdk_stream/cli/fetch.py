"""`cdk-stream fetch`: schemas of the registry, kept in Git."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.problems import Usage, near
from cdk_stream.registry import every_schema, newest_schema
from cdk_stream.report.json import OPTIONS
from cdk_stream.resources.project import Project
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import WorkTree

FORMATS = ("text", "json")
ABOUT = """\
Ask the schema registry for the newest version of a subject and keep it under schemas/, where
`schema_ref: sr://SUBJECT` finds it. Commit the file: from then on compiling needs no network, and
a new version in the registry changes nothing until somebody fetches it.

A contract that asks for a `_transitive` compatibility is about every version there ever was: keep
them too, with --history, under schemas/history/SUBJECT/.
"""
EXAMPLES = """\
examples:
  cdk-stream fetch payments.raw.v1
  cdk-stream fetch crm.customers.v3 --cluster prod-us
  cdk-stream fetch fraud.events.enriched-value --history
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("subjects", metavar="SUBJECT", nargs="+", help="a subject of the registry")
    parser.add_argument(
        "--cluster",
        metavar="NAME",
        help="the cluster whose registry is asked (default: the project's default_cluster)",
    )
    parser.add_argument(
        "--history",
        action="store_true",
        help="every version, under schemas/history/SUBJECT/, as well as the newest",
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the snapshots and say where."""
    root = project_root(arguments.project_dir)
    address = _registry(Loader(WorkTree(root)).project(), arguments.cluster)
    paths = []
    for subject in arguments.subjects:
        if "/" in subject or "\\" in subject or ".." in subject:
            raise Usage(f"'{subject}' cannot be the name of a file under schemas/")
        for path, schema in _snapshots(address, subject, arguments.history):
            write_file(schema.encode(), str(root / path))
            paths.append(path)
    if arguments.format == "json":
        write(orjson.dumps({"schemas": paths}, option=OPTIONS).decode())
    else:
        write("".join(f"{path}\n" for path in paths))
    return 0


def _snapshots(address: str, subject: str, history: bool) -> Iterator[tuple[str, str]]:
    """Path and content of each file to write."""
    suffix, schema = newest_schema(address, subject)
    yield f"schemas/{subject}{suffix}", schema
    if history:
        for number, suffix, schema in every_schema(address, subject):
            yield f"schemas/history/{subject}/{number}{suffix}", schema


def _registry(project: Project, cluster: str | None) -> str:
    name = cluster or project.default_cluster
    if name is None:
        raise Usage("the project has no default_cluster\n    name a cluster with --cluster")
    if name not in project.clusters:
        mend = near(name, project.clusters)
        raise Usage(f"the project has no cluster '{name}'" + (f"\n    {mend}" if mend else ""))
    registry = project.clusters[name].schema_registry
    if registry is None:
        mend = f"write it under clusters: {name}: schema_registry: url:"
        raise Usage(f"cluster '{name}' has no schema registry\n    {mend}")
    return registry.url
