"""What a plan shows of a script that changed."""

from __future__ import annotations

from cdk_stream.results.plan import Difference
from cdk_stream_flink.deploy.differences import differences

BEFORE = """\
SET 'pipeline.name' = 'shop.a';
CREATE TEMPORARY TABLE `t` (
  `x` INT
) WITH ('connector' = 'kafka');
INSERT INTO `t` (`x`)
SELECT x
FROM s
WHERE x > 1
;
"""


def changed(old: str, new: str) -> list[Difference]:
    assert old in BEFORE
    return list(differences(BEFORE, BEFORE.replace(old, new)))


def test_a_line_of_the_query() -> None:
    (one,) = changed("x > 1", "x > 2")
    assert one == Difference("INSERT INTO `t`, line 4", "WHERE x > 1", "WHERE x > 2")


def test_a_line_that_is_new() -> None:
    (one,) = changed("WHERE x > 1\n", "WHERE x > 1\n  AND x < 9\n")
    assert one == Difference("INSERT INTO `t`, line 5", None, "AND x < 9")


def test_a_setting_and_a_statement_that_are_new() -> None:
    setting = "SET 'a' = '1';\n"
    told = changed("CREATE TEMPORARY TABLE `t`", f"{setting}CREATE TEMPORARY TABLE `u`")
    fields = {one.field: (one.live is None, one.wanted is None) for one in told}
    assert fields == {
        "SET 'a'": (True, False),
        "CREATE TEMPORARY TABLE `t`": (False, True),
        "CREATE TEMPORARY TABLE `u`": (True, False),
    }


def test_equal_scripts_have_no_differences() -> None:
    assert list(differences(BEFORE, BEFORE)) == []
