"""The options that `plan`, `deploy`, `rollback` and `destroy` share, and what they show."""

from __future__ import annotations

import argparse
import sys

import orjson

from cdk_stream.problems import Usage
from cdk_stream.report.data import plain_data
from cdk_stream.report.plain import plain
from cdk_stream.results.record import StepResult
from cdk_stream.stages.plan.judge import Choices
from cdk_stream.workflow.deploy import Deployed


def add_choices(parser: argparse.ArgumentParser) -> None:
    """`--adopt` and `--delete`."""
    parser.add_argument(
        "--adopt",
        metavar="KEY",
        action="append",
        default=[],
        help="take over what was there before and differs: prod-eu/topic/payments, or a pattern",
    )
    parser.add_argument(
        "--delete",
        metavar="KEY",
        action="append",
        default=[],
        help="delete it with all it holds, now that nobody asks for it any more",
    )


def choices(arguments: argparse.Namespace) -> Choices:
    """What a person decided, by the options."""
    if "" in (*arguments.adopt, *arguments.delete):
        raise Usage("--adopt or --delete is empty\n    name a resource: prod-eu/topic/payments")
    return Choices(tuple(arguments.adopt), tuple(arguments.delete))


def add_break_glass(parser: argparse.ArgumentParser) -> None:
    """`--break-glass`."""
    parser.add_argument(
        "--break-glass",
        metavar="REASON",
        help="go without proof of approval; the reason stands in the record for good",
    )


FORMATS = ("text", "json")


def document(deployed: Deployed) -> str:
    """The record after a deploy, without the resources, and whether it did all it should."""
    record = deployed.record.document() if deployed.record else {}
    record.pop("resources", None)
    answer = {
        "format": "cdk-stream/deploy@1",
        "passed": not deployed.failed,
        "plan": deployed.plan.digest,
        "record": record,
        "steps": [plain_data(one) for one in deployed.results],
    }
    return orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def summary(deployed: Deployed) -> str:
    """What a deploy did, in a few lines."""
    counts: dict[str, int] = {}
    for one in deployed.results:
        counts[one.result] = counts.get(one.result, 0) + 1
    told = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    record = deployed.record
    where = f"record {record.serial}" if record else "no record"
    lines = [f"{told or 'nothing to do'}: {where} of '{plain(deployed.plan.environment)}'"]
    lines += [f"kept: {plain(one.id)}, {one.told}" for one in _of(deployed, "kept")]
    lines += [f"failed: {plain(one.id)}: {plain(one.told)}" for one in _of(deployed, "failed")]
    if deployed.failed:
        lines.append("mend what failed, plan and deploy again: what is done is not done twice")
    return "\n".join(lines) + "\n"


def _of(deployed: Deployed, result: str) -> list[StepResult]:
    return [one for one in deployed.results if one.result == result]


def say(text: str) -> None:
    """Tell on stderr, where it does not mix with what is asked for."""
    sys.stderr.write(text)
    sys.stderr.flush()
