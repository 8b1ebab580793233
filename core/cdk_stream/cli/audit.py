"""`cdk-stream audit`: who approved what."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from cdk_stream.cli.options import add_format, add_project_dir
from cdk_stream.cli.output import write
from cdk_stream.git import Repository, find_repository
from cdk_stream.problems import Usage
from cdk_stream.report.audit import render, render_text, row
from cdk_stream.workflow.audit import Finding, Question, audit
from cdk_stream.workflow.records import records

ABOUT = """\
Read the records of decisions, and tell who approved what, by which policies, for which data.
Records lie in the notes of merged commits, which Git brings when it is asked for them:

  git fetch origin refs/notes/cdk-stream:refs/notes/cdk-stream

and in folders of files that runs of the review left. No network is needed. A record that somebody
changed is refused.
"""
EXAMPLES = """\
examples:
  cdk-stream audit                                   every decision on record
  cdk-stream audit --exposure fraud_scoring_service  who agreed to changes of that application
  cdk-stream audit --classification sensitive --since 2026-01-01 --format json
  cdk-stream audit --person dana                     what dana approved
  cdk-stream audit --records downloaded/             records of runs, beside the notes
"""
NO_RECORDS = """\
    there are no records here at all; fetch them:
    git fetch origin refs/notes/cdk-stream:refs/notes/cdk-stream
"""
_ASKED = {
    "exposure": ("NAME", "decisions about this application"),
    "column": ("COLUMN", "decisions about data of this column: model.clean.status, or its name"),
    "classification": ("CLASS", "decisions about applications that read data of this class"),
    "person": ("LOGIN", "decisions that this person approved"),
    "owner": ("OWNER", "decisions that this owner was asked about"),
    "since": ("DAY", "decisions of this day and later: 2026-01-31"),
    "until": ("DAY", "decisions of this day and earlier"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    for name, (metavar, about) in _ASKED.items():
        parser.add_argument(f"--{name}", metavar=metavar, default="", help=about)
    parser.add_argument(
        "--records",
        metavar="DIR",
        action="append",
        default=[],
        help="a folder with records as well, may be repeated",
    )
    add_format(parser, ("text", "json"))
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the decisions that answer the question."""
    for name in ("since", "until"):
        _day(name, getattr(arguments, name))
    question = Question(**{name: getattr(arguments, name) for name in _ASKED})
    folders = [Path(folder) for folder in arguments.records]
    kept = records(_repository(arguments.project_dir, bool(folders)), folders)
    rows = [_row(finding) for finding in audit(kept, question)]
    write(render(rows) if arguments.format == "json" else render_text(rows))
    if not kept and arguments.format == "text":
        write(NO_RECORDS)
    return 0


def _row(finding: Finding) -> dict[str, object]:
    record = finding.kept.record
    return row(record.body, finding.data, finding.votes, finding.kept.place, record.digest)


def _repository(folder: str | None, optional: bool) -> Repository | None:
    try:
        return find_repository(Path(folder or "."))
    except Usage:
        if optional and folder is None:
            return None
        raise


def _day(name: str, given: str) -> None:
    try:
        date.fromisoformat(given or "2026-01-31")
    except ValueError:
        raise Usage(f"--{name} '{given}' is not a day\n    write 2026-01-31 for instance") from None
