"""`cdk-stream format`: YAML and SQL of a project, laid out alike."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.format.file import formatted
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.report.data import problem_document
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.words import plural
from cdk_stream.tree import PROJECT_FILE, WorkTree, belongs

FORMATS = ("text", "json")
SUFFIXES = (".yml", ".yaml", ".sql")
ABOUT = """\
Lay out the YAML and SQL of a project, or of the files named: two spaces a level, lists below their
keys, one blank line at most, keywords of SQL in capitals and each clause on a line of its own. The
order of keys, quotes, comments, templates and line breaks within a clause stay as their author
wrote them. Formatting twice changes nothing more.

A file whose data, SQL or comments would not be the same afterwards is left alone and told.
"""
EXAMPLES = """\
examples:
  cdk-stream format
  cdk-stream format models/payments_clean.yml
  cdk-stream format --check            exit code 1 when a file is not laid out
  cdk-stream format --diff             show what would change, and change nothing
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """What laying out one file gives; `path` is seen from the current folder."""

    path: str
    before: bytes
    after: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="these files only")
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if that is needed")
    parser.add_argument("--diff", action="store_true", help="change nothing; show what would be")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Lay the files out; 1 when one cannot be, or with `--check` is not."""
    found = list(layouts(_wanted(arguments)))
    kept = arguments.check or arguments.diff
    if not kept:
        save(found)
    if arguments.format == "json":
        write(_document(found, kept))
    else:
        write("\n".join(lines(found, written=not kept, patch=arguments.diff)) + "\n")
    needed = arguments.check and any(one.changed for one in found)
    return 1 if needed or any(one.problems for one in found) else 0


def layouts(files: Iterable[str]) -> Iterator[Layout]:
    """Each file as it is and as it should be; nothing is written."""
    for path in files:
        content = Path(path).read_bytes()
        try:
            yield Layout(path, content, formatted(content, path))
        except Refused as refused:
            yield Layout(path, content, content, refused.problems)


def save(found: Iterable[Layout]) -> None:
    """Write the files that change."""
    for one in found:
        if one.changed:
            write_file(one.after, one.path)


def own_file(path: str) -> bool:
    """Whether a file is YAML or SQL of some project, by where it lies."""
    full = Path(os.path.abspath(path))
    if full.is_symlink() or not full.is_file() or full.suffix not in SUFFIXES:
        return False
    return any(
        belongs(full.relative_to(folder).as_posix()) and os.path.lexists(folder / PROJECT_FILE)
        for folder in full.parents
    )


def _wanted(arguments: argparse.Namespace) -> Sequence[str]:
    for path in arguments.files:
        if not own_file(path):
            raise Usage(f"'{path}' is no YAML or SQL of a project")
    if arguments.files:
        return sorted({*arguments.files})
    root = project_root(arguments.project_dir)
    paths = sorted(path for path in WorkTree(root).files() if path.endswith(SUFFIXES))
    return [os.path.relpath(root / path) for path in paths]


def lines(found: Sequence[Layout], *, written: bool, patch: bool = False) -> Iterator[str]:
    """What is told of them: problems, then files, then how many."""
    for one in found:
        for problem in one.problems:
            yield from _problem(problem)
    changed = [one for one in found if one.changed]
    for one in changed:
        yield f"{plain(one.path)}: {'formatted' if written else 'not formatted'}"
        if patch:
            yield from _patch(one)
    refused = sum(bool(one.problems) for one in found)
    counts = f"{plural(len(changed), 'file')} {'formatted' if written else 'to format'}"
    rest = len(found) - len(changed) - refused
    yield f"{counts}, {rest} fine" + (f", {refused} left alone" if refused else "")


def _problem(problem: Problem) -> Iterator[str]:
    place = problem.location
    where = Location(plain(place.path), place.line, place.column)
    yield f"{where}: {problem.code} {plain(problem.message)}"
    if problem.mend:
        yield from (f"    {line}" for line in plain_lines(problem.mend))


def _patch(one: Layout) -> Iterator[str]:
    before, after = (
        content.decode("utf-8", "replace").splitlines() for content in (one.before, one.after)
    )
    name = plain(one.path)
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""):
        yield from plain_lines(line)


def _document(found: Sequence[Layout], kept: bool) -> str:
    document = {
        "format": "cdk-stream/formatting@1",
        "written": not kept,
        "changed": [one.path for one in found if one.changed],
        "problems": [problem_document(problem) for one in found for problem in one.problems],
    }
    return orjson.dumps(document, option=OPTIONS).decode()
