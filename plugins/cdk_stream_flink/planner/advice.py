"""What the planner's own plan shows that an author should know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cdk_stream.plugin.backend import Remark
from cdk_stream.problems import Severity
from cdk_stream_flink.planner.mends import mend_of
from cdk_stream_flink.planner.refusal import told

_ADVICE = re.compile(r"^advice\[\d+\]: \[(WARNING|ADVICE)\] (.+)$", re.MULTILINE)
_JOIN = re.compile(r"^[ +:|-]*(Join\(.*\))$", re.MULTILINE)
_DETAILS = re.compile(r", (?:select|leftInputSpec|rightInputSpec|changelogMode)=\[.*")
_PHYSICAL = "== Optimized Physical Plan"
_EXECUTION = "== Optimized Execution Plan"


def advice(explained: str, setup: Sequence[str]) -> Iterator[Remark]:
    """Warnings and notes from an explained plan; `setup` are the statements before the INSERT."""
    for kind, text in dict.fromkeys(_ADVICE.findall(explained)):
        if kind == "WARNING":
            mend = mend_of(text).words
            yield Remark("CS664", f"Flink warns: {told(text)}", mend, Severity.WARNING, "/sql")
        else:
            yield Remark("CS665", f"Flink advises: {told(text)}", "", Severity.NOTE, "/sql")
    if not any(statement.startswith("SET 'table.exec.state.ttl'") for statement in setup):
        yield from _joins(explained)


def _joins(explained: str) -> Iterator[Remark]:
    """Joins that keep both sides for ever, as planned: the offline lint may have been wrong."""
    physical = explained.partition(_PHYSICAL)[2].partition(_EXECUTION)[0]
    for join in dict.fromkeys(_JOIN.findall(physical.partition("\nadvice[")[0])):
        if "stateTtlHints" not in join:
            yield Remark(
                "CS663",
                f"the plan keeps every row of both sides for ever: {_DETAILS.sub(')', join)}",
                "bound the join by time, join `FOR SYSTEM_TIME AS OF`, or give the model"
                " `state_ttl`",
                Severity.WARNING,
                "/sql",
            )
