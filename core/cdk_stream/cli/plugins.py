"""`cdk-stream plugins`: what is installed, and what the project uses of it."""

from __future__ import annotations

import argparse
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.plugin.hookspecs import PROJECT
from cdk_stream.plugin.manager import BUNDLED, Plugins
from cdk_stream.problems import Usage
from cdk_stream.report.json import OPTIONS
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import WorkTree

Json = dict[str, Any]

FORMATS = ("text", "json")
ABOUT = """\
List the plugins that are installed, where each comes from, and whether the project uses it. A
project uses the bundled ones unless its stream_project.yml names others under 'plugins'; what it
does not use is never imported. Outside of a project, the bundled ones count as used.
"""
EXAMPLES = """\
examples:
  cdk-stream plugins
  cdk-stream plugins --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the plugins; refuses when one that the project uses is missing or broken."""
    names = _used(arguments.project_dir)
    plugins = Plugins.load(names)
    points = sorted(entry_points(group=PROJECT), key=lambda point: point.name)
    found = [_about(point, plugins) for point in points]
    if arguments.format == "json":
        document = {"format": "cdk-stream/plugins@1", "plugins": found}
        write(orjson.dumps(document, option=OPTIONS).decode())
    else:
        write("".join(map(_line, found)))
    return 0


def _used(project_dir: str | None) -> tuple[str, ...]:
    try:
        root = project_root(project_dir)
    except Usage:
        if project_dir is not None:
            raise
        return BUNDLED
    named = Loader(WorkTree(root)).project().plugins
    return BUNDLED if named is None else named


def _about(point: EntryPoint, plugins: Plugins) -> Json:
    used = point.name in plugins.names
    return {
        "name": point.name,
        "used": used,
        "module": point.value,
        "distribution": point.dist.name if point.dist else "",
        "version": point.dist.version if point.dist else "",
    }


def _line(plugin: Json) -> str:
    mark = "*" if plugin["used"] else " "
    origin = f"{plugin['distribution']} {plugin['version']}"
    return f"{mark} {plugin['name']:<12} {origin:<24} {plugin['module']}\n"
