"""The options that verbs share, and how their help looks."""

from __future__ import annotations

import argparse
import difflib
import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cdk_stream.problems import Usage
from cdk_stream.tree import PROJECT_FILE

_WIDTH = 92
EXIT_CODES = """\
exit codes:
  0  fine
  1  refused: the project has errors, or a policy denies it
  2  the command line asks for something that does not exist
  3  a bug of cdk-stream; what to report is printed
"""


class HelpParser(argparse.ArgumentParser):
    """A parser that looks the same on every terminal and raises `Usage` instead of exiting."""

    def __init__(self, prog: str, about: str, more: str, usage: str | None = None) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=about,
            epilog=more,
            allow_abbrev=False,
            formatter_class=functools.partial(
                argparse.RawDescriptionHelpFormatter, width=_WIDTH, max_help_position=26
            ),
        )

    def error(self, message: str) -> NoReturn:
        mends = [self._near(message), f"see {self.prog} --help"]
        raise Usage("\n    ".join([message, *filter(None, mends)]))

    def _near(self, message: str) -> str:
        """What a misspelt option may have meant."""
        _, known, words = message.partition("unrecognized arguments: ")
        options = [word.partition("=")[0] for word in words.split() if word.startswith("--")]
        if not known or not options:
            return ""
        close = difflib.get_close_matches(options[0], self._option_string_actions, cutoff=0.7)
        return f"did you mean '{close[0]}'?" if close else ""


def add_project_dir(parser: argparse.ArgumentParser) -> None:
    """`--project-dir DIR`, which every verb has."""
    parser.add_argument(
        "--project-dir",
        metavar="DIR",
        help=f"the project's folder (default: the nearest one upward with a {PROJECT_FILE})",
    )


def add_environment(parser: argparse.ArgumentParser) -> None:
    """`--environment NAME`."""
    parser.add_argument(
        "--environment",
        metavar="NAME",
        default="",
        help="an environment of the project's `environments:`, or one of a template: pr-123",
    )


def add_format(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """`--format`; the first of `formats` is the default."""
    parser.add_argument(
        "--format",
        choices=formats,
        default=formats[0],
        help=f"how to show it: {', '.join(formats)} (default: {formats[0]})",
        metavar="FORMAT",
    )


def add_also(parser: argparse.ArgumentParser) -> None:
    """`--also FORMAT=FILE`, which `also` reads."""
    parser.add_argument(
        "--also",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        help="write the same answer in another format as well; may be repeated",
    )


def also(arguments: argparse.Namespace, formats: Sequence[str]) -> list[tuple[str, str]]:
    """Each format with its file; Usage for one that is none of `formats`."""
    found: list[tuple[str, str]] = []
    for told in arguments.also:
        form, _, path = told.partition("=")
        if form not in formats or not path:
            raise Usage(f"--also is no FORMAT=FILE: '{told}'\n    formats are {', '.join(formats)}")
        found.append((form, path))
    return found


def add_engine(parser: argparse.ArgumentParser) -> None:
    """`--engine ENGINE`."""
    parser.add_argument(
        "--engine", metavar="ENGINE", help="ask this engine, not the project's; see below"
    )


def project_root(given: str | None) -> Path:
    """The project's folder, absolute: the given one, or the nearest upward; Usage for none."""
    start = Path.cwd() if given is None else Path(given).resolve()
    for folder in (start, *(start.parents if given is None else ())):
        if os.path.lexists(folder / PROJECT_FILE):
            return folder
    if given is not None:
        raise Usage(f"there is no {PROJECT_FILE} in '{given}'")
    raise Usage(
        f"there is no {PROJECT_FILE} in '{start}' or above it\n"
        "    name the project's folder with --project-dir"
    )
