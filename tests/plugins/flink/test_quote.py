"""Names and lengths of time in Flink's spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream_flink.quote import interval, literal, quoted


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "INTERVAL '0' SECOND"),
        (5_000, "INTERVAL '5' SECOND"),
        (250, "INTERVAL '0.250' SECOND"),
        (99_999, "INTERVAL '99.999' SECOND"),
        (100_000, "INTERVAL '0 00:01:40.000' DAY TO SECOND(3)"),
        (90_061_001, "INTERVAL '1 01:01:01.001' DAY TO SECOND(3)"),
        (8_640_000_000, "INTERVAL '100 00:00:00.000' DAY(6) TO SECOND(3)"),
    ],
)
def test_interval(milliseconds: int, text: str) -> None:
    assert interval(milliseconds) == text


@given(st.text())
def test_nothing_leaves_its_quotes(text: str) -> None:
    assert quoted(text)[1:-1].replace("``", "") == text.replace("`", "")
    assert literal(text)[1:-1].replace("''", "") == text.replace("'", "")
