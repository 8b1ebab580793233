"""Live consumer groups, in the ways that people have them at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.problems import Refused, Usage
from cdk_stream.results.consumer import LiveGroup
from cdk_stream.workflow.consumers import read_groups

DESCRIBED = """
Consumer group 'old-batch' has no active members.

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID     HOST         CLIENT-ID
old-batch       payments        0          10              12              2    -               -            -
old-batch       payments        1          10              12              2    -               -            -

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID     HOST         CLIENT-ID
scoring         payments        0          12              12              0    scoring-1-aa    /10.0.0.1    scoring-1
scoring         payments        1          12              12              0    scoring-2-bb    /10.0.0.2    scoring-2
scoring         events          0          -               0               -    scoring-2-bb    /10.0.0.2    scoring-2
scoring         -               -          -               -               -    scoring-3-cc    /10.0.0.3    scoring-3
"""  # noqa: E501

SAME = {
    "a list": '[{"group": "b", "topic": "t", "members": 2, "principals": ["User:x"]}, '
    '{"group": "a", "topic": "t"}]',
    "an object": '{"groups": [{"group": "a", "topic": "t"}, '
    '{"group": "b", "topic": "t", "members": 2, "principals": ["x"]}]}',
    "lines": '{"group": "a", "topic": "t"}\n'
    '{"group": "b", "topic": "t", "members": "2", "principal": "User:x"}\n',
    "csv": "group,topic,members,principals\na,t,,\nb,t,2,User:x\n",
    "csv in another order": "Topic,Group,Members,Principal\r\nt,b,1,x\r\nt,b,1,x\r\nt,a,,\r\n",
}


def read(tmp_path: Path, text: str) -> tuple[LiveGroup, ...]:
    file = tmp_path / "groups.txt"
    file.write_text(text, encoding="utf-8")
    return read_groups(file)


@pytest.mark.parametrize("way", SAME)
def test_every_way_says_the_same(way: str, tmp_path: Path) -> None:
    assert read(tmp_path, SAME[way]) == (LiveGroup("a", "t"), LiveGroup("b", "t", 2, ("x",)))


def test_reads_what_kafka_prints(tmp_path: Path) -> None:
    assert read(tmp_path, DESCRIBED) == (
        LiveGroup("old-batch", "payments", 0),
        LiveGroup("scoring", "events", 1),
        LiveGroup("scoring", "payments", 2),
    )


def test_nobody_is_nobody(tmp_path: Path) -> None:
    assert read(tmp_path, "") == read(tmp_path, "[]") == read(tmp_path, "group,topic\n") == ()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1]",
        '{"groups": 1}',
        '[{"group": "a"}]',
        '[{"group": "", "topic": "t"}]',
        '[{"group": "a", "topic": "t", "members": "many"}]',
        '[{"group": "a", "topic": "t", "members": true}]',
        "name,topic\na,t\n",
        "group,topic\na\n",
        "scoring payments 0 1 2 3",
        "Error listing groups",
    ],
)
def test_what_cannot_be_read_is_refused_not_skipped(text: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, text)
    assert [problem.code for problem in refused.value.problems] == ["CS930"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="cannot read"):
        read_groups(tmp_path / "none.csv")
