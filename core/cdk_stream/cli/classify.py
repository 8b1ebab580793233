"""`cdk-stream classify`: personal data that nobody classified, and the patch that does."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

import orjson

from cdk_stream.classify.identifiers import has_libraries
from cdk_stream.classify.patch import difference, patched
from cdk_stream.classify.suggest import Suggestion, suggest
from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.cli.place import from_here
from cdk_stream.problems import Refused, Usage
from cdk_stream.report.data import plain_data
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.report.words import plural
from cdk_stream.workflow.compile import Compiled, compile_project

FORMATS = ("text", "json", "patch")
SAMPLES = "samples"
_LEAST = 0.5
ABOUT = """\
Look for personal data in the columns of sources: by their names, in many languages, and by sampled
values when there are some. Suggest a class and a tag for each column that has none or too low a
class, with how sure that is and why, and show the patch; --write changes the files. Comments and
all other lines stay as they are.

Samples are files of rows, SOURCE.jsonl or SOURCE.csv, called like the source or its topic, in
samples/ of the project. They are read here and go nowhere; keep them out of Git. National
identifiers and telephone numbers are recognised when cdk-stream[classify] is installed.

What an author classified is told when it looks too low, and not changed.
"""
EXAMPLES = """\
examples:
  cdk-stream classify
  cdk-stream classify --samples exports/today --confidence 0.8
  cdk-stream classify --format patch | git apply
  cdk-stream classify --write
  cdk-stream classify --check            exit code 1 when there is something to classify
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--samples",
        metavar="DIR",
        help=f"the folder of sampled rows (default: {SAMPLES}/ of the project, if it is there)",
    )
    parser.add_argument(
        "--confidence",
        metavar="SHARE",
        type=_share,
        default=_LEAST,
        help=f"how sure a suggestion must be, from 0 to 1 (default: {_LEAST})",
    )
    parser.add_argument("--write", action="store_true", help="change the files")
    parser.add_argument("--check", action="store_true", help="exit with 1 for suggestions")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show what looks like personal data; 1 with `--check` when there is some."""
    root = project_root(arguments.project_dir)
    compiled = compile_project(root)
    if not compiled.compilation.ok:
        raise Refused(compiled.compilation.problems)
    samples = _samples(root, arguments.samples)
    nodes = compiled.manifest.nodes
    sources = [nodes[name] for name in nodes if name.startswith("source.")]
    found = suggest(sources, samples, arguments.confidence)
    new = patched(found, compiled.loader.content)
    old = {path: compiled.loader.content(path).decode("utf-8") for path in new}
    if arguments.write:
        for path, text in new.items():
            write_file(text.encode(), str(root / path))
    write(_shown(found, old, new, arguments, compiled, samples))
    return 1 if arguments.check and found else 0


def _shown(
    found: tuple[Suggestion, ...],
    old: dict[str, str],
    new: dict[str, str],
    arguments: argparse.Namespace,
    compiled: Compiled,
    samples: Path | None,
) -> str:
    patch = difference(old, new)
    if arguments.format == "patch":
        return patch
    if arguments.format == "json":
        data = {"suggestions": plain_data(found), "patch": patch, "written": arguments.write}
        return orjson.dumps(data, option=OPTIONS).decode()
    lines = _lines(found, compiled, from_here(project_root(arguments.project_dir)))
    if samples is not None and not has_libraries():
        lines.append(
            "national identifiers and telephone numbers among the samples were not looked for:"
            " pip install 'cdk-stream[classify]'"
        )
    if patch and arguments.write:
        lines += ["", *(f"written: {path}" for path in sorted(new))]
    elif patch:
        lines += ["", patch.rstrip("\n"), "", "to change the files: cdk-stream classify --write"]
    return "\n".join(lines) + "\n"


def _lines(found: tuple[Suggestion, ...], compiled: Compiled, prefix: str) -> list[str]:
    lines = [f"{plural(len(found), 'column')} to classify"]
    for node, group in groupby(found, lambda one: one.node):
        of_node = list(group)
        place = compiled.loader.locate(of_node[0].path, of_node[0].pointer)
        lines += ["", f"{plain(prefix)}{place} {plain(node)}", *map(_line, of_node)]
    return lines


def _line(one: Suggestion) -> str:
    now = f", now {one.current}" if one.current else ""
    kept = ", as its author wrote: change it by hand" if one.current and one.declared else ""
    why = "; ".join(one.why)
    return plain(
        f"  {one.column}: {one.classification}, {one.tag}{now}{kept} ({one.confidence:.0%}: {why})"
    )


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no share from 0 to 1")
    return value


def _samples(root: Path, given: str | None) -> Path | None:
    folder = root / SAMPLES if given is None else Path(given)
    if folder.is_dir():
        return folder
    if given is not None:
        raise Usage(f"there is no folder '{given}'")
    return None
