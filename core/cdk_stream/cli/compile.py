"""`cdk-stream compile`: what the target systems need, under target/."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Iterator
from typing import Any

from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here
from cdk_stream.glance import TARGET, Glance
from cdk_stream.report.colour import paint
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.words import compiled_words, plural

Json = dict[str, Any]

FORMATS = ("text", "json")
ABOUT = f"""\
Compile the project and write what was made of it to {TARGET}/: one file for each resource of a
target system (interceptors of the Gateway, Flink SQL scripts, connector configurations, topics,
schemas, ACLs), and manifest.json, which says all that is known of the project. The same project
gives the same bytes. What did not change since the last run is not compiled again.
"""
EXAMPLES = """\
examples:
  cdk-stream compile
  cdk-stream compile --full-refresh     without what is remembered of the last run
"""
_COLOUR = {"error": "red", "warning": "yellow", "note": "blue"}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--full-refresh", action="store_true", help="compile everything, changed or not"
    )
    add_environment(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compile, and say what was made; 1 when the project has errors.

    Nothing that compiles is imported when the last run's answer still holds.
    """
    root = project_root(arguments.project_dir)
    environment, target = arguments.environment, TARGET
    forget = arguments.full_refresh or environment
    glance = None if forget else Glance(root)
    summary = glance.summary(write=True) if glance else None
    if summary is None:
        anew: Any = importlib.import_module("cdk_stream.cli.compile_anew")
        if environment:
            summary = anew.compile_environment(root, environment)
            target = f"{TARGET}/.environments/{environment}"
        else:
            summary = anew.compile_anew(root, glance)
    passed = all(problem["severity"] != "error" for problem in summary["problems"])
    if arguments.format == "json":
        write(_document(summary, passed, target))
    else:
        write("\n".join(_lines(summary, passed, from_here(root), target)) + "\n")
    return 0 if passed else 1


def _document(summary: Json, passed: bool, target: str) -> str:
    document = {"format": "cdk-stream/compilation@1", "passed": passed, **summary}
    if passed:
        document["target"] = target
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _lines(summary: Json, passed: bool, prefix: str, target: str) -> Iterator[str]:
    colour = colour_wanted()
    for problem in summary["problems"]:
        yield from _problem(problem, prefix, colour)
    if summary["problems"]:
        yield ""
    levels = [problem["severity"] for problem in summary["problems"]]
    told = "".join(
        f", {plural(levels.count(level), level)}" for level in _COLOUR if level in levels
    )
    word = paint("compiled", "green", colour) if passed else paint("refused", "red", colour)
    yield f"project {plain(summary['project'])} {word}{told}"
    if passed:
        made = plural(summary["counts"]["artifacts"], "artefact")
        yield f"{compiled_words(summary['counts'])} -> {made} under {prefix}{plain(target)}/"


def _problem(problem: Json, prefix: str, colour: bool) -> Iterator[str]:
    place = problem["location"]
    numbers = "".join(f":{place[key]}" for key in ("line", "column") if key in place)
    code = paint(problem["code"], _COLOUR[problem["severity"]], colour)
    yield f"{plain(prefix + place['path'])}{numbers}: {code} {plain(problem['message'])}"
    if "mend" in problem:
        yield from (f"    {line}" for line in plain_lines(problem["mend"]))
