"""What is wrong with a query is told at its place, with the way out."""

from __future__ import annotations

from typing import Protocol

import pytest

from cdk_stream.sql.analysis import Analysis, Finding


class Look(Protocol):
    def __call__(self, sql: str, *, state_ttl: bool = False) -> Analysis: ...

    def written(self, sql: str) -> str: ...


# A query with @ at the place told, a code, a part of the message, a part of the mend.
ERRORS = [
    ("SELECT @nope FROM $payments", "CS411", "unknown column 'nope' in 'payments'", ""),
    ("SELECT p.@statu FROM $payments p", "CS411", "of 'p'", "did you mean 'status'?"),
    ("SELECT\n  cents,\n  @statsu FROM $payments", "CS411", "'statsu'", "'status'"),
    ("SELECT @STATUS FROM $payments", "CS414", "case-sensitive", "'status'"),
    ("SELECT @x.cents FROM $payments p", "CS412", "unknown table 'x'", "p"),
    ("SELECT cents FROM @payments", "CS412", "unknown table", '{{ ref("payments") }}'),
    ('SELECT 1 AS n FROM @{{ ref("paymens") }}', "CS412", "model 'paymens'", "'payments'"),
    ("SELECT cents FROM @db.payments", "CS412", "no path", "ref("),
    (
        "SELECT @customer_id FROM $payments p JOIN $customers c ON p.customer_id = c.customer_id",
        "CS413",
        "'customer_id' is a column of 'p' and 'c'",
        "p.customer_id",
    ),
    ("SELECT cents * 2 AS x, @x + 1 AS y FROM $payments", "CS415", "'x' is an alias", ""),
    (
        "SELECT UPPER(status) AS s, COUNT(*) AS n FROM $payments GROUP BY @s",
        "CS415",
        "'s' is an alias",
        "repeat the expression",
    ),
    ("SELECT status, COUNT(*) AS n FROM $payments GROUP BY @1", "CS415", "GROUP BY 1", ""),
    ("SELECT @UPER(status) AS s FROM $payments", "CS416", "'UPER'", "'UPPER'"),
    ("SELECT @zzz(status) AS s FROM $payments", "CS416", "'zzz'", "functions:"),
    ("SELECT @UPPER(status, 1) AS s FROM $payments", "CS417", "takes 1 argument, not 2", ""),
    ("SELECT @ROW_NUMBER() AS n FROM $payments", "CS417", "needs an OVER clause", ""),
    ("SELECT @WORDS(note) AS w FROM $payments", "CS417", "table function", "LATERAL"),
    ("SELECT cents AS @value FROM $payments", "CS418", "'value'", "`value`"),
    ("SELECT @value AS v FROM $payments", "CS418", "'value'", "`value`"),
    ("SELECT cents AS @one FROM $payments", "CS418", "'one'", "`one`"),
    ("SELECT at.cents FROM $payments @at", "CS418", "'at'", "`at`"),
    ("SELECT cents FROM @{{ payments }}", "CS421", "template", "ref("),
    ("SELECT cents FROM $payments WEHRE @cents > 1", "CS423", "at 'cents > 1'", "'WHERE'?"),
    ("SELECT cents FRM @$payments", "CS423", "expected at '{{ ref", ""),
    ("SELECT cents FROM $payments WHERE@", "CS423", "the text ends", ""),
    ("SELECT (cents @FROM $payments", "CS423", "')' expected at 'FROM", ""),
    ("SELECT cents@::INT FROM $payments", "CS423", "at '::INT", ""),
    ('SELECT @"cents" FROM $payments', "CS423", "no double quotes", "back-quotes"),
    ("SELECT @'open FROM $payments", "CS423", "never closed", ""),
    ("SELECT cents FROM $payments WHERE cents > INTERVAL 5@", "CS423", "a unit", ""),
    ("@INSERT INTO x SELECT 1", "CS425", "'INSERT' starts none", "SELECT"),
    ("SELECT 1 AS a; @SELECT 2 AS b", "CS425", "not several", ""),
    ("@  -- nothing", "CS425", "empty", "SELECT"),
    ("WITH t AS (SELECT a FROM @t) SELECT a FROM t", "CS425", "uses itself", ""),
    ('SELECT @{{ var("nope") }} AS a', "CS426", "variable 'nope'", "vars:"),
    ("SELECT SCORE(@u.*) AS s FROM $unknown u", "CS432", "cannot be written out", "schema"),
    ("SELECT SCORE(@*) AS s FROM $payments", "CS432", "'*' cannot be", "t.*"),
    (
        "SELECT TUMBLE_END(note, INTERVAL '1' HOUR) AS e FROM $payments GROUP BY"
        " @TUMBLE(note, INTERVAL '1' HOUR)",
        "CS435",
        "TUMBLE needs a time attribute, and 'note' is none",
        "event_time",
    ),
    (
        "SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(@cents),"
        " INTERVAL '1' HOUR))",
        "CS435",
        "'cents' is none",
        "",
    ),
    (
        "SELECT COUNT(*) AS n, @TUMBLE_START(event_time, INTERVAL '2' HOUR) AS s FROM"
        " $payments GROUP BY TUMBLE(event_time, INTERVAL '1' HOUR)",
        "CS435",
        "belongs to no window",
        "same arguments",
    ),
    ("SELECT cents FROM $payments ORDER BY @cents", "CS436", "sorted by a time", "LIMIT"),
    (
        "SELECT @ROW_NUMBER() OVER (PARTITION BY card ORDER BY cents DESC) AS n FROM $payments",
        "CS436",
        "ROW_NUMBER is without a filter",
        "WHERE",
    ),
    ("SELECT @SUM(cents) OVER () AS n FROM $payments", "CS436", "by one column", "event time"),
    (
        "SELECT @SUM(cents) OVER (ORDER BY event_time DESC) AS n FROM $payments",
        "CS436",
        "ordered upwards",
        "DESC",
    ),
    (
        "SELECT @SUM(cents) OVER (ORDER BY cents ROWS 2 PRECEDING) AS n FROM $payments",
        "CS436",
        "over some rows only",
        "UNBOUNDED",
    ),
    (
        "SELECT @SUM(cents) OVER (ORDER BY event_time ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)"
        " AS n FROM $payments",
        "CS436",
        "ends with the current row",
        "CURRENT ROW",
    ),
    (
        "SELECT SUM(cents) OVER (ORDER BY event_time) AS a,"
        " @SUM(cents) OVER (PARTITION BY card ORDER BY event_time) AS b FROM $payments",
        "CS436",
        "all OVER windows of one SELECT are the same",
        "a query around",
    ),
    (
        "SELECT @LEAD(cents) OVER (ORDER BY event_time) AS n FROM $payments",
        "CS443",
        "LEAD is refused on a stream",
        "LAG",
    ),
    (
        "SELECT card FROM (SELECT *, @RANK() OVER (PARTITION BY card ORDER BY cents) AS n"
        " FROM $payments) WHERE n <= 3",
        "CS443",
        "RANK keeps no first rows",
        "ROW_NUMBER",
    ),
    ("SELECT SUM(@COUNT(*)) AS n FROM $payments GROUP BY card", "CS417", "another aggregate", ""),
    (
        "SELECT window_start, COUNT(*) AS n FROM TABLE(@HOP(TABLE $payments,"
        " DESCRIPTOR(event_time), INTERVAL '2' MINUTE, INTERVAL '5' MINUTE))"
        " GROUP BY window_start, window_end",
        "CS417",
        "no multiple of its slide",
        "divides",
    ),
    ("SELECT @card FROM (SELECT card, note AS card FROM $payments)", "CS413", "two columns", ""),
    ("SELECT @LENGTH(card) AS n FROM $payments", "CS416", "'LENGTH'", ""),
    (
        "SELECT a.segment FROM $payments p JOIN @$accounts a ON p.customer_id ="
        " a.customer_id AND p.event_time BETWEEN a.changed_at AND a.changed_at + INTERVAL"
        " '1' HOUR",
        "CS437",
        "no updating input",
        "FOR SYSTEM_TIME",
    ),
    (
        "SELECT a.segment FROM $payments p JOIN @$accounts FOR SYSTEM_TIME AS OF"
        " p.event_time AS a ON p.card = a.segment",
        "CS438",
        "the whole key of 'a'",
        "a.customer_id",
    ),
    (
        "SELECT a.segment FROM $payments p JOIN @$accounts FOR SYSTEM_TIME AS OF p.note AS"
        " a ON p.customer_id = a.customer_id",
        "CS435",
        "event time of the left",
        "",
    ),
    (
        "SELECT cents FROM $payments UNION ALL SELECT @customer_id, band FROM $customers",
        "CS441",
        "have 1 and 2 columns",
        "",
    ),
    (
        "SELECT cents FROM $payments UNION ALL SELECT @band FROM $customers",
        "CS441",
        "column 1 of UNION ALL is BIGINT and STRING",
        "cast",
    ),
    ("SELECT cents, @status AS cents FROM $payments", "CS442", "two columns", "AS other"),
    ("SELECT @note - INTERVAL '1' DAY AS d FROM $payments", "CS444", "a STRING", "TO_TIME"),
    ("SELECT CAST(cents AS @FOO) AS d FROM $payments", "CS445", "'FOO'", ""),
    (
        "SELECT @card, COUNT(*) AS n FROM $payments GROUP BY status",
        "CS446",
        "'card' is neither",
        "GROUP BY",
    ),
    ("SELECT @card, COUNT(*) AS n FROM $payments", "CS446", "'card'", ""),
    ("SELECT card FROM $payments WHERE @cents", "CS447", "this is BIGINT", "compare"),
    ("SELECT status FROM $payments GROUP BY status HAVING @cents > 3", "CS446", "'cents'", ""),
]


@pytest.mark.parametrize(("marked", "code", "message", "mend"), ERRORS)
def test_errors_are_told_where_they_are(
    marked: str, code: str, message: str, mend: str, look: Look
) -> None:
    told = [one for one in look(marked.replace("@", "")).findings if one.severity == "error"]
    before = look.written(marked).partition("@")[0]
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert [(one.line, one.column, one.code) for one in told] == [(*place, code)]
    assert message in told[0].message
    assert mend in told[0].mend


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT UPPER(status) AS s, COUNT(*) AS n FROM $payments GROUP BY UPPER(status)",
        "SELECT cents + 1 AS c, cents + 1 + COUNT(*) AS n FROM $payments GROUP BY cents + 1",
        "SELECT `value` FROM $payments",
        "SELECT p.cents AS c FROM $payments AS p ORDER BY p.event_time LIMIT 3",
        "SELECT COUNT(*) AS n, 'x' AS label FROM $payments",
        "SELECT c.name AS n FROM (SELECT status AS name FROM $payments) c",
        "SELECT * FROM (SELECT cents FROM $payments ORDER BY cents)",
        "SELECT payments.cents FROM $payments",
        "SELECT cents FROM $payments"
        " QUALIFY ROW_NUMBER() OVER (PARTITION BY card ORDER BY cents) = 1",
    ],
)
def test_what_flink_takes_is_taken(sql: str, look: Look) -> None:
    assert [one for one in look(sql).findings if one.severity == "error"] == []


def _warnings(analysis: Analysis) -> list[Finding]:
    return [finding for finding in analysis.findings if finding.severity == "warning"]


REVERSED = (
    "SELECT p.cents FROM $payments p JOIN $customers c ON p.customer_id = c.customer_id"
    " AND p.event_time BETWEEN c.updated_at - INTERVAL '30' DAY AND c.updated_at"
)


def test_a_reversed_interval_is_told_with_the_reversal(look: Look) -> None:
    (warning,) = _warnings(look(REVERSED))
    assert warning.code == "CS433"
    assert "c.updated_at BETWEEN p.event_time - INTERVAL '30' DAY AND p.event_time" in warning.mend


def test_the_mend_of_a_reversed_interval_is_not_reversed(look: Look) -> None:
    before, _, _ = REVERSED.partition(" AND p.event_time")
    mended = before + " AND c.updated_at BETWEEN p.event_time - INTERVAL '30' DAY AND p.event_time"
    analysis = look(mended)
    assert _warnings(analysis) == []
    assert "interval_join" in analysis.features


def test_the_keyed_side_may_stand_first(look: Look) -> None:
    sql = (
        "SELECT p.cents FROM $customers c JOIN $payments p ON p.customer_id = c.customer_id"
        " AND p.event_time BETWEEN c.updated_at - INTERVAL '2' HOUR AND c.updated_at"
    )
    (warning,) = _warnings(look(sql))
    assert "up to 2 hours later" in warning.message


def test_a_shipment_after_its_order_is_not_reversed(look: Look) -> None:
    sql = (
        "SELECT p.cents FROM $payments p JOIN $payments q ON p.payment_id = q.card"
        " AND p.event_time BETWEEN q.event_time - INTERVAL '4' HOUR AND q.event_time"
    )
    assert _warnings(look(sql)) == []


JOIN = "SELECT p.cents FROM $payments p JOIN $customers c ON p.customer_id = c.customer_id"


def test_a_regular_join_keeps_everything_unless_its_state_is_bounded(look: Look) -> None:
    (warning,) = _warnings(look(JOIN))
    assert warning.code == "CS434"
    assert "state_ttl" in warning.mend
    assert _warnings(look(JOIN, state_ttl=True)) == []
    hinted = JOIN.replace("SELECT", "SELECT /*+ STATE_TTL('p' = '1d', 'c' = '1d') */")
    assert _warnings(look(hinted)) == []


def test_time_bounds_on_other_times_do_not_bound_state(look: Look) -> None:
    sql = JOIN.replace("$payments p", "(SELECT *, TO_TIMESTAMP(note) AS t FROM $payments) p")
    sql += " AND p.t BETWEEN c.updated_at AND c.updated_at + INTERVAL '1' HOUR"
    (warning,) = _warnings(look(sql))
    assert "not on time attributes" in warning.message


def test_stars_in_a_call_are_written_out_where_they_stand(look: Look) -> None:
    sql = 'SELECT SCORE(c . *) AS s, SCORE(c.*) AS t FROM {{ ref("customers") }} c'
    analysis = look(sql)
    assert [sql[one.start : one.end] for one in analysis.splices] == ["c . *", "c.*"]
    assert {one.text for one in analysis.splices} == {
        "c.customer_id, c.band, c.email, c.updated_at"
    }
    assert [one.code for one in analysis.findings] == ["CS431"]


def test_every_error_is_told_at_once(look: Look) -> None:
    analysis = look("SELECT a, b, FOO(c) AS x FROM $payments WHERE d = 1")
    assert [finding.code for finding in analysis.findings] == ["CS411"] * 2 + [
        "CS416",
        "CS411",
        "CS411",
    ]


def test_a_query_that_cannot_be_read_claims_nothing(look: Look) -> None:
    analysis = look("SELECT FROM")
    assert analysis.columns == []
    assert analysis.open
    assert analysis.changelog == "retract"
    assert analysis.tree is None


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT customer_id FROM $accounts WHERE changed_at < @NOW()", "NOW decides"),
        ("SELECT customer_id FROM $accounts WHERE segment = 'a' AND @RAND() < 0.1", "RAND decides"),
        ("SELECT SUM(@DRAW(segment)) AS total FROM $accounts", "DRAW is aggregated"),
        ("SELECT segment, @UUID() AS id FROM $accounts", "UUID is in each row"),
        (
            "SELECT n, @CURRENT_TIMESTAMP AS at_all FROM"
            " (SELECT status, COUNT(*) AS n FROM $payments GROUP BY status)",
            "CURRENT_TIMESTAMP is in",
        ),
    ],
)
def test_what_changes_by_itself_is_told_where_rows_are_taken_back(
    look: Look, sql: str, says: str
) -> None:
    offset = look.written(sql).index("@")
    told = [one for one in _warnings(look(sql.replace("@", ""))) if one.code == "CS439"]
    assert [(one.line, one.column) for one in told] == [(1, offset + 1)]
    assert says in told[0].message and "only appends" in told[0].mend


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT payment_id, NOW() AS seen, DRAW(card) AS d FROM $payments WHERE RAND() < 0.5",
        "SELECT customer_id, segment, NOW() AS seen FROM $accounts",
        "SELECT status, SUM(DRAW(card)) AS total FROM $payments GROUP BY status",
        "SELECT segment, SCORE(segment) AS s FROM $accounts",
    ],
    ids=["only appended", "found by its key", "aggregated once", "always the same"],
)
def test_what_changes_by_itself_may_where_nothing_is_taken_back(look: Look, sql: str) -> None:
    assert "CS439" not in {finding.code for finding in look(sql).findings}


def test_sides_that_are_swapped_are_told(look: Look) -> None:
    sql = "SELECT card, status FROM $payments UNION ALL SELECT status, card FROM $payments"
    (warning,) = _warnings(look(sql))
    assert warning.code == "CS448"
    assert warning.message == "UNION ALL goes by position: 'status' of this side ends in 'card'"
    assert "card, status" in warning.mend


def test_sides_with_other_names_are_meant(look: Look) -> None:
    sql = "SELECT card, status FROM $payments UNION ALL SELECT note AS a, card AS b FROM $payments"
    assert _warnings(look(sql)) == []
