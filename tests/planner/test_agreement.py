"""What is inferred offline is what Flink's planner answered, or less, but never something else.

The answers lie in answers.json; `tests/real/test_planner.py` asks the planner for them again.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.planner.answer import load_answers
from tests.planner.compare import ASPECTS, Finding, compare, infer, relations_of
from tests.planner.corpus import Case, read_corpus

ANSWERS = load_answers()
RELATIONS = relations_of(ANSWERS)
CORPUS = read_corpus()
FLOOR = 0.98


def _held(case: Case) -> list[Finding]:
    return compare(infer(case, RELATIONS), ANSWERS[case.key])


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.key)
def test_nothing_is_inferred_wrong(case: Case) -> None:
    assert [finding for finding in _held(case) if finding.verdict == "wrong"] == []


@pytest.mark.parametrize("aspect", ASPECTS)
def test_most_is_inferred(aspect: str) -> None:
    found = Counter(one.verdict for case in CORPUS for one in _held(case) if one.aspect == aspect)
    assert found["same"] / found.total() >= FLOOR, found


def test_the_corpus_is_whole() -> None:
    keys = [case.key for case in CORPUS]
    tables = {key for key in ANSWERS if key.startswith("table: ")}
    assert len(set(keys)) == len(keys) >= 300
    assert set(keys) | tables == set(ANSWERS)


def test_only_what_is_in_refused_is_refused() -> None:
    assert {case.theme == "refused" for case in CORPUS if ANSWERS[case.key].refusal} == {True}
    assert {case.theme == "refused" for case in CORPUS if not ANSWERS[case.key].refusal} == {False}
