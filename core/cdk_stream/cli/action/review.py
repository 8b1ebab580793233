"""`command: review`: judge every pull request that the event is about, and tell the forge."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from cdk_stream.cli.action.step import Step, exposures, text_only
from cdk_stream.cli.operator import operator_around
from cdk_stream.cli.output import write_file
from cdk_stream.cli.review import fail, shown, tell
from cdk_stream.plugin.forge import ForgeError, PullRequest
from cdk_stream.plugin.live import Live
from cdk_stream.plugin.workflow_run import Event, WorkflowRun
from cdk_stream.problems import Refused, Usage
from cdk_stream.report.comment.page import When
from cdk_stream.report.plain import plain
from cdk_stream.results.approval import GateState
from cdk_stream.results.review import Reviewed
from cdk_stream.workflow.group import judge_group
from cdk_stream.workflow.review import review as judge

_WORST: tuple[GateState, ...] = ("error", "failure", "pending", "success")


def review(step: Step) -> int:
    """0 when every gate is success or pending, or there is nothing to judge."""
    if step.more:
        raise Usage("the command 'review' takes no 'arguments'")
    root = Path(step["PROJECT_DIR"] or ".").resolve()
    with text_only():
        try:
            run = _run()
            event = run.event()
            if not event.pull_requests:
                return _quiet(event)
            return _of_event(step, root, run, event)
        except ForgeError as error:
            _say(error)
            return 1


def _run() -> WorkflowRun:
    run = Live.load(None).open_run(os.environ)
    if run is None:
        raise Usage("there is no event to review\n    run it in a workflow of GitHub Actions")
    return run


def _quiet(event: Event) -> int:
    if not event.quiet:
        raise Usage(f"the event '{event.name}' is about no pull request\n    see 'deploy'")
    print(f"nothing to judge: {plain(event.quiet)}")
    return 0


def _of_event(step: Step, root: Path, run: WorkflowRun, event: Event) -> int:
    queued = bool(event.commit)
    reviews = [_judged(step, root, run, one, queued) for one in event.pull_requests]
    states: list[GateState] = [one.approvals.gate.state if one else "error" for one in reviews]
    known = [one for one in reviews if one]
    for one in known:
        print(shown(root, one, "text", run.url))
        step.summarise(shown(root, one, "markdown", run.url))
    if queued:
        states.append(_group(step, root, run, event, reviews))
    worst = next(state for state in _WORST if state in states)
    _answer(step, root, worst, known)
    return 0 if worst in ("success", "pending") else 1


def _judged(
    step: Step, root: Path, run: WorkflowRun, pull_request: PullRequest, queued: bool
) -> Reviewed | None:
    """One that cannot be judged keeps no other from its answer; in a queue only the group is
    told."""
    try:
        reviewed = judge(root, run.forge, pull_request, operator=operator_around(root))
        if not queued:
            when = cast(When, step["COMMENT"] or "on-impact")
            tell(root, pull_request, reviewed, when, run.url)
        return reviewed
    except (ForgeError, Refused, Usage) as error:
        _say(error)
        if not queued:
            fail(pull_request, run.url)
        return None
    except BaseException:
        if not queued:
            fail(pull_request, run.url)
        raise


def _group(
    step: Step, root: Path, run: WorkflowRun, event: Event, reviews: list[Reviewed | None]
) -> GateState:
    context = f"cdk-stream/approval ({event.base_ref})"
    try:
        group = judge_group(root, run, event, reviews, operator_around(root))
    except (ForgeError, Refused, Usage) as error:
        _say(error)
        run.set_status(event.commit, context, "error", "it could not be judged: see the run", "")
        return "error"
    answer = group.gate
    print(f"merge group {event.commit[:7]}: {answer.state}, {plain(answer.description)}")
    step.summarise(f"merge group: {answer.state}\n")
    run.set_status(event.commit, group.context, answer.state, answer.description, run.url)
    return answer.state


def _answer(step: Step, root: Path, worst: GateState, reviews: list[Reviewed]) -> None:
    pages = (shown(root, one, "json", "").rstrip() for one in reviews)
    write_file(f"[{','.join(pages)}]\n".encode(), step.report)
    standings = [standing for one in reviews for standing in one.approvals.standings]
    missing = (one for one in standings if one.state != "approved")
    step.answer(
        decision=worst,
        impacted_exposures=exposures(
            hit.exposure for one in reviews for hit in one.verdict.impacts
        ),
        required_owners=_names(one.requirement.owner for one in standings),
        missing_owners=_names(one.requirement.owner for one in missing),
        report_path=step.report,
    )


def _names(found: Iterable[str]) -> list[str]:
    return sorted(set(found))


def _say(error: Exception) -> None:
    told = "\n".join(map(str, error.problems)) if isinstance(error, Refused) else str(error)
    mend = error.mend if isinstance(error, ForgeError) and error.mend else ""
    sys.stderr.write(f"cdk-stream: {told}\n" + (f"    {mend}\n" if mend else ""))
