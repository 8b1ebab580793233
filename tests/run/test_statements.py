"""Every statement of the planner's corpus is run, or refused by name; none surprises the engine."""

from __future__ import annotations

import pytest

from cdk_stream.run.model import Input, Running
from cdk_stream.run.refusal import CannotRun
from cdk_stream.sql.analyze import analyze
from tests.planner.answer import load_answers
from tests.planner.compare import relations_of
from tests.planner.corpus import FUNCTIONS, TABLES, Case, read_corpus

KNOWN = relations_of(load_answers())
RELATIONS = {node_id: KNOWN[node_id] for node_id in (f"source.{name}" for name in TABLES)}
NAMED = {("source", name): f"source.{name}" for name in TABLES}


def accepted() -> list[Case]:
    found = []
    for case in read_corpus():
        analysis = analyze(case.model, NAMED, RELATIONS, FUNCTIONS)
        if not any(finding.severity == "error" for finding in analysis.findings):
            found.append(case)
    return found


CASES = accepted()


def planned(case: Case) -> Running | None:
    inputs = {node_id: Input(relation, 5000, []) for node_id, relation in RELATIONS.items()}
    try:
        return Running(case.model, NAMED, inputs, FUNCTIONS, {}, {})
    except CannotRun as refusal:
        assert refusal.feature
        return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_it_gives_the_columns_that_the_analysis_tells(case: Case) -> None:
    running = planned(case)
    if running is None:
        return
    told = analyze(case.model, NAMED, RELATIONS, FUNCTIONS).columns
    assert running.columns == [(column.name, column.type) for column in told]
    running.run()


def test_most_statements_are_run() -> None:
    own = [case for case in CASES if not any(name in case.text for name in FUNCTIONS)]
    refused = [case.key for case in own if planned(case) is None]
    assert len(refused) <= len(own) * 0.1, refused
