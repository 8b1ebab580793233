"""What real Flink 2.3 answered for each pair of a query and its rows is what is answered here."""

from __future__ import annotations

import pytest

from cdk_stream.run.refusal import CannotRun
from tests.run.generate import MAKERS, lines
from tests.run.pairs import HERE, VARIANTS, Pair, folded, read_answers, read_pairs, run

PAIRS = read_pairs()
ANSWERS = read_answers()


def made(pair: Pair, seed: int | None = None) -> list[dict[str, object]] | None:
    """None when it is refused by name."""
    try:
        return run(pair, seed)
    except CannotRun:
        return None


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key)
def test_the_rows_are_those_of_flink(pair: Pair) -> None:
    rows = made(pair)
    assert rows is None or folded(rows) == folded(ANSWERS[pair.key]["rows"])


def test_few_are_refused_and_there_are_many() -> None:
    refused = [pair.key for pair in PAIRS if made(pair) is None]
    assert len(PAIRS) >= 60
    assert len(refused) <= len(PAIRS) * 0.1, refused


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if len(pair.tables) > 1], ids=lambda pair: pair.key
)
def test_no_answer_hangs_on_which_input_is_read_first(pair: Pair) -> None:
    told = [folded(rows) for seed in range(3) if (rows := made(pair, seed)) is not None]
    assert all(rows == folded(ANSWERS[pair.key]["rows"]) for rows in told)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_gives_the_same_rows(name: str, variant: str) -> None:
    assert (HERE / "inputs" / f"{name}.{variant}.jsonl").read_text() == lines(name, variant)


def test_late_rows_change_what_windows_hold() -> None:
    """The corpus would prove little if nothing in it came late."""
    late = [pair for pair in PAIRS if pair.theme == "windows" and pair.variant == "late"]
    assert late
    for pair in late:
        rows = ANSWERS[pair.key]["rows"]
        counted = [row["n"] for row in rows if "n" in row]
        if pair.name == "TUMBLE as a table":
            assert 0 < sum(counted) < 80
