"""What is read out of a Java stack trace."""

from __future__ import annotations

import pytest

from cdk_stream_flink.stack_trace import Failure, read_failure

WITH_PLACE = """\
Internal server error.
<Exception on server side:
org.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetch results.
\tat org.apache.flink.table.gateway.A.fetch(A.java:91)
Caused by: org.apache.calcite.runtime.CalciteContextException: From line 2, column 3 to line 2, \
column 6: Column 'nope' not found in any table
\tat java.base/jdk.internal.reflect.B.newInstance(Unknown Source)
\t... 9 more
Caused by: org.apache.calcite.sql.validate.SqlValidatorException: Column 'nope' not found in any \
table
\t... 47 more

End of exception on server side>"""
MANY_LINES = """\
Caused by: org.apache.flink.table.api.ValidationException: Column types do not match.
Cause: Different number of columns.

Query schema: [a: INT]
\tat org.apache.flink.C.d(C.java:1)
"""
CALL = """\
Caused by: org.apache.flink.V: SQL validation failed. Invalid function call:
SCORE(CHAR(1) NOT NULL)
\tat a.B.c(B.java:1)
Caused by: org.apache.flink.V: Invalid function call:
SCORE(CHAR(1) NOT NULL)
\t... 17 more
Caused by: org.apache.flink.V: Invalid input arguments. Expected signatures are:
SCORE(arg0 => BIGINT)
\t... 37 more
Caused by: org.apache.flink.V: Invalid argument type at position 0.
\t... 38 more
"""
EMPTY_CAUSE = """\
Caused by: java.lang.IllegalStateException: the job is gone
\tat a.B.c(B.java:1)
Caused by: java.util.concurrent.CancellationException
\t... 3 more
"""


@pytest.mark.parametrize(
    ("trace", "failure"),
    [
        (
            WITH_PLACE,
            Failure(
                "Column 'nope' not found in any table",
                "org.apache.calcite.sql.validate.SqlValidatorException",
                2,
                3,
            ),
        ),
        (
            MANY_LINES,
            Failure(
                "Column types do not match.\nCause: Different number of columns.\n\n"
                "Query schema: [a: INT]",
                "org.apache.flink.table.api.ValidationException",
                0,
                0,
            ),
        ),
        (
            CALL,
            Failure(
                "Invalid function call:\nSCORE(CHAR(1) NOT NULL)\n"
                "Invalid input arguments. Expected signatures are:\nSCORE(arg0 => BIGINT)\n"
                "Invalid argument type at position 0.",
                "org.apache.flink.V",
                0,
                0,
            ),
        ),
        (EMPTY_CAUSE, Failure("the job is gone", "java.lang.IllegalStateException", 0, 0)),
        (
            "Caused by: java.lang.ClassNotFoundException: com.acme.Nope",
            Failure("there is no class 'com.acme.Nope'", "java.lang.ClassNotFoundException", 0, 0),
        ),
        ("Not found: /v9", Failure("Not found: /v9", "", 0, 0)),
        ("", Failure("", "", 0, 0)),
    ],
    ids=[
        "place of an outer cause",
        "many lines",
        "call",
        "cause without a text",
        "class",
        "no trace",
        "nothing",
    ],
)
def test_the_last_cause_is_told(trace: str, failure: Failure) -> None:
    assert read_failure(trace) == failure
