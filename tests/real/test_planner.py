"""The recorded answers of the planner are what it answers now; PLANNER=write records them anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_stream_flink.sql_gateway import Session, open_session
from tests.planner.answer import Answer, load_answers, save_answers
from tests.planner.corpus import FUNCTIONS, read_corpus
from tests.real.planner import ask, class_of, describe_tables, prepare
from tests.real.stubs import Function, function_jar


@pytest.fixture
def corpus_session(flink: dict[str, str], tmp_path: Path) -> Iterator[Session]:
    functions = [Function(class_of(name), of.returns, of.kind) for name, of in FUNCTIONS.items()]
    with open_session(flink["url"]) as session:
        prepare(session, function_jar(tmp_path, functions))
        yield session


def test_the_planner_answers_as_recorded(corpus_session: Session) -> None:
    answers: dict[str, Answer] = describe_tables(corpus_session)
    answers |= {case.key: ask(corpus_session, case) for case in read_corpus()}
    if os.environ.get("PLANNER") == "write":
        save_answers(answers)
    recorded = load_answers()
    changed = {key for key in answers if answers[key] != recorded.get(key)}
    assert not {key: (recorded.get(key), answers[key]) for key in changed}
    assert set(recorded) == set(answers)
