"""`cdk-stream review`: whether a pull request may go in."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path

from cdk_stream.cli.consumers import add_consumers, consumers_of
from cdk_stream.cli.operator import add_operator, operator_of
from cdk_stream.cli.options import add_also, add_format, add_project_dir, also, project_root
from cdk_stream.cli.output import write, write_file
from cdk_stream.cli.place import in_repository
from cdk_stream.git import find_repository
from cdk_stream.plugin.forge import Forge, ForgeError, PullRequest
from cdk_stream.plugin.live import Live
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.report.comment import Page, marker, post
from cdk_stream.report.comment import render as render_comment
from cdk_stream.report.comment.page import When
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain
from cdk_stream.report.reviewed import render, render_text
from cdk_stream.results.review import Reviewed
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.prove import prove
from cdk_stream.workflow.records import keep
from cdk_stream.workflow.review import request_reviews, review, set_gate

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit")
ABOUT = """\
Judge a pull request: compile what its base branch becomes by merging it, by the rules of that
branch, from Git objects alone; find the owners who must approve; count the reviews that are of
its last commit. Then ask the owners who are missing, renew the comment, and set the status
'cdk-stream/approval (BRANCH)' last. With --merged, prove again that a commit of the branch was
approved, as a deploy does; nothing is written.

The forge is the one that the environment speaks of: GITHUB_REPOSITORY, GITHUB_API_URL and
GITHUB_TOKEN. What cannot be known is never an approval.
"""
EXAMPLES = """\
examples:
  cdk-stream review --pull-request 12 --dry-run          the answer, and nothing written
  cdk-stream review --pull-request 12 --record record.json --also markdown=comment.md
  cdk-stream review --merged HEAD --branch main --keep   prove a commit, keep the record as a note

exit codes of a pull request: 0 when the gate is success or pending, 1 when failure or error; of a
merged commit: 0 when it was approved, else 1.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--pull-request", metavar="N", type=int, help="the pull request to judge")
    subject.add_argument("--merged", metavar="COMMIT", help="the merged commit to prove")
    parser.add_argument("--branch", metavar="NAME", default="", help="where it must be merged into")
    parser.add_argument("--base", metavar="SHA", default="", help="the base that the caller knows")
    parser.add_argument("--head", metavar="SHA", default="", help="the head that the caller knows")
    parser.add_argument("--record", metavar="FILE", help="write the record of the decision there")
    parser.add_argument("--keep", action="store_true", help="keep the record of --merged as a note")
    parser.add_argument("--dry-run", action="store_true", help="write nothing on the forge")
    parser.add_argument(
        "--comment",
        choices=("on-impact", "always", "off"),
        default="on-impact",
        metavar="WHEN",
        help="when to comment: on-impact, always, off (default: on-impact)",
    )
    parser.add_argument("--url", metavar="URL", default="", help="the run, for comment and status")
    add_consumers(parser)
    add_operator(parser)
    add_format(parser, FORMATS)
    add_also(parser)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge, tell the forge, and show the answer."""
    given = arguments.project_dir
    root = project_root(None) if given is None else Path(given).resolve()
    files = also(arguments, FORMATS)
    if arguments.keep and not arguments.merged:
        raise Usage("--keep is for --merged\n    a note is kept of what was merged alone")
    try:
        forge = _forge()
        reviewed = _proved(root, forge, arguments) or _reviewed(root, forge, arguments)
    except ForgeError as error:
        raise Refused([Problem(Location(PROJECT_FILE), "CS903", str(error), error.mend)]) from error
    if arguments.record:
        write_file(reviewed.record.content, arguments.record)
    for form, path in files:
        write(shown(root, reviewed, form, arguments.url), path)
    write(shown(root, reviewed, arguments.format, arguments.url))
    state = reviewed.approvals.gate.state
    return 0 if state == "success" or (state == "pending" and not arguments.merged) else 1


def _forge() -> Forge:
    forge = Live.load(None).open_forge(os.environ)
    if forge is None:
        raise Usage(
            "the environment speaks of no forge\n"
            "    set GITHUB_REPOSITORY and GITHUB_TOKEN, as GitHub Actions does"
        )
    return forge


def _proved(root: Path, forge: Forge, arguments: argparse.Namespace) -> Reviewed | None:
    if arguments.merged is None:
        return None
    reviewed = prove(
        root, forge, arguments.merged, arguments.branch, operator=operator_of(arguments, root)
    )
    if arguments.keep:
        keep(find_repository(root), reviewed.subject.merged, reviewed.record)
    return reviewed


def _reviewed(root: Path, forge: Forge, arguments: argparse.Namespace) -> Reviewed:
    pull_request = forge.pull_request(arguments.pull_request)
    try:
        operator = replace(operator_of(arguments, root), consumers=consumers_of(arguments, root))
        base, head = arguments.base, arguments.head
        reviewed = review(root, forge, pull_request, base, head, operator=operator)
        if not arguments.dry_run:
            tell(root, pull_request, reviewed, arguments.comment, arguments.url)
    except BaseException:
        if not arguments.dry_run:
            fail(pull_request, arguments.url)
        raise
    return reviewed


def tell(root: Path, pull_request: PullRequest, reviewed: Reviewed, when: When, url: str) -> None:
    """Ask reviewers, renew the comment, and set the status, in this order; raises `ForgeError`."""
    if not _still(pull_request, reviewed):
        return
    for who, why in request_reviews(pull_request, reviewed.approvals).items():
        print(f"{plain(who)} could not be asked for a review: {plain(why)}", file=sys.stderr)
    page = _page(reviewed, url)
    body = post(reviewed.verdict, _frame(root), page, when)
    if when != "off":
        pull_request.put_comment(marker(reviewed.verdict.project), body)
    set_gate(pull_request, reviewed, url)


def _still(pull_request: PullRequest, reviewed: Reviewed) -> bool:
    return pull_request.facts.head == reviewed.subject.head


def fail(pull_request: PullRequest, url: str) -> None:
    """No status of an earlier run may outlive one that came to nothing."""
    context = f"cdk-stream/approval ({pull_request.facts.base_ref})"
    try:
        pull_request.set_status(context, "error", "it could not be judged: see the run", url)
    except ForgeError as error:
        print(f"the status could not be set: {plain(str(error))}", file=sys.stderr)


def shown(root: Path, reviewed: Reviewed, form: str, url: str) -> str:
    if form == "text":
        return render_text(reviewed)
    if form == "json":
        return render(reviewed, _frame(root))
    if form == "markdown":
        return render_comment(reviewed.verdict, _frame(root), _page(reviewed, url))
    rendered = importlib.import_module(f"cdk_stream.report.{form}")
    return str(rendered.render(reviewed.verdict, _frame(root)))


def _frame(root: Path) -> Frame:
    return Frame(prefix=in_repository(root))


def _page(reviewed: Reviewed, url: str) -> Page:
    return Page(approvals=reviewed.approvals, run_url=url, recheck="a push, or a review")
