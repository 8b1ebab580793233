"""The recorded answers of the corpus are still those of real Flink.

`RUNNER=write` runs every pair and writes the answers anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_stream_flink.sql_gateway import Session, open_session
from tests.real.record_run import SETTINGS, answer, declare
from tests.run.pairs import HERE, VARIANTS, folded, read_answers, read_pairs

WRITE = os.environ.get("RUNNER") == "write"
EVERY = 1 if WRITE else 6


@pytest.fixture
def streaming(flink: dict[str, str]) -> Iterator[Session]:
    with open_session(flink["url"], SETTINGS) as opened:
        yield opened


def test_flink_answers_as_recorded(
    streaming: Session, flink: dict[str, str], tmp_path: Path
) -> None:
    asked = read_pairs()[::EVERY]
    answers = {}
    for variant in VARIANTS:
        declare(streaming, variant, tmp_path)
        for pair in asked:
            if pair.variant == variant:
                answers[pair.key] = answer(streaming, flink["url"], pair)
    assert [told for told in answers.values() if "error" in told] == []
    if WRITE:
        text = "".join(json.dumps(answers[p.key], ensure_ascii=False) + "\n" for p in asked)
        (HERE / "answers.jsonl").write_text(text)
    recorded = read_answers()
    for key, told in answers.items():
        assert folded(told["rows"]) == folded(recorded[key]["rows"]), key
