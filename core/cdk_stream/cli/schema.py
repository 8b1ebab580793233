"""`cdk-stream schema`: the files' JSON Schema, for editors."""

from __future__ import annotations

import argparse
from pathlib import Path

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.schema import project_schema, resources_schema, waivers_schema

PROJECT, RESOURCES = "stream_project.schema.json", "resources.schema.json"
WAIVERS = "waivers.schema.json"
FORMATS = ("text", "json")
ABOUT = f"""\
Write the JSON Schema of the project's files, so that an editor completes keys, explains them and
marks mistakes while you type: {PROJECT} for stream_project.yml, {RESOURCES} for the
files under sources/, models/, tests/ and exposures/, {WAIVERS} for waivers.yml.

VS Code's YAML extension and others take a schema from the first line of a file:
  # yaml-language-server: $schema=../target/schema/{RESOURCES}
"""
EXAMPLES = """\
examples:
  cdk-stream schema                       into target/schema/ of the project
  cdk-stream schema --output .schemas
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--output",
        metavar="DIR",
        help="the folder to write to (default: target/schema in the project's folder)",
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the schemas and say where."""
    folder = _folder(arguments)
    paths = []
    schemas = {
        PROJECT: project_schema(),
        RESOURCES: resources_schema(),
        WAIVERS: waivers_schema(),
    }
    for name, schema in schemas.items():
        path = (folder / name).as_posix()
        write_file(orjson.dumps(schema, option=OPTIONS), path)
        paths.append(path)
    if arguments.format == "json":
        write(orjson.dumps({"schemas": paths}, option=OPTIONS).decode())
    else:
        write("".join(f"{path}\n" for path in paths))
    return 0


def _folder(arguments: argparse.Namespace) -> Path:
    if arguments.output is not None:
        return Path(arguments.output)
    return project_root(arguments.project_dir) / "target" / "schema"
