from __future__ import annotations

import pytest

from cdk_stream.sql.spelling import Part, declared, normalise, shape
from cdk_stream.sql.types import aggregate, arithmetic, element, number, rounded, widest


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("integer", "INT"),
        ("varchar", "STRING"),
        ("VARCHAR(2147483647)", "STRING"),
        ("character varying(10)", "VARCHAR(10)"),
        ("numeric", "DECIMAL(10, 0)"),
        ("dec(5)", "DECIMAL(5, 0)"),
        ("DECIMAL(12,3)", "DECIMAL(12, 3)"),
        ("double precision", "DOUBLE"),
        ("timestamp", "TIMESTAMP(6)"),
        ("TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(3)"),
        ("timestamp(3) without time zone", "TIMESTAMP(3)"),
        ("bytes", "BYTES"),
        ("binary varying(2147483647)", "BYTES"),
        ("int array", "ARRAY<INT>"),
        ("map<string, int not null>", "MAP<STRING, INT NOT NULL>"),
        ("row<a int, `b c` array<string>>", "ROW<a INT, `b c` ARRAY<STRING>>"),
        ("ROW(a INT 'the a', b ROW<c STRING>)", "ROW<a INT, b ROW<c STRING>>"),
        ("interval day to second(3)", "INTERVAL DAY TO SECOND(3)"),
        ("INT NOT NULL", "INT NOT NULL"),
        ("int null", "INT"),
    ],
)
def test_types_have_one_spelling(written: str, spelled: str) -> None:
    assert normalise(written) == spelled
    assert normalise(spelled) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "",
        "foo",
        "int int",
        "row<",
        "row<a>",
        "decimal(x)",
        "array<>",
        "map<int>",
        "<",
        "ARRAY<" * 900,
    ],
)
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Flink type"):
        normalise(text)


@pytest.mark.parametrize(
    ("types", "widened"),
    [
        (("INT", "BIGINT"), "BIGINT"),
        (("INT", "DECIMAL(10, 2)"), "DECIMAL(12, 2)"),
        (("DECIMAL(10, 2)", "DECIMAL(10, 4)"), "DECIMAL(12, 4)"),
        (("DECIMAL(10, 2)", "DOUBLE"), "DOUBLE"),
        (("CHAR(5)", "CHAR(6)"), "VARCHAR(6)"),
        (("CHAR(5)", "CHAR(5)"), "CHAR(5)"),
        (("CHAR(5)", "STRING"), "STRING"),
        (("NULL", "INT"), "INT"),
        (("DATE", "TIMESTAMP(3)"), "TIMESTAMP(3)"),
        (("TIMESTAMP(3)", "TIMESTAMP_LTZ(6)"), "TIMESTAMP_LTZ(6)"),
        (("ARRAY<INT>", "ARRAY<BIGINT>"), "ARRAY<BIGINT>"),
        (("ROW<a INT NOT NULL>", "ROW<b DOUBLE>"), "ROW<a DOUBLE>"),
        (("INT", "STRING"), ""),
        (("INT", ""), ""),
        ((), ""),
    ],
)
def test_the_type_that_holds_all(types: tuple[str, ...], widened: str) -> None:
    assert widest(types) == widened


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        ("INT", "+", "BIGINT", "BIGINT"),
        ("INT", "/", "INT", "INT"),
        ("INT", "*", "DOUBLE", "DOUBLE"),
        ("DECIMAL(10, 2)", "+", "DECIMAL(10, 2)", "DECIMAL(11, 2)"),
        ("DECIMAL(38, 10)", "*", "DECIMAL(38, 10)", "DECIMAL(38, 6)"),
        ("TIMESTAMP(3)", "-", "INTERVAL DAY TO SECOND(3)", "TIMESTAMP(3)"),
        ("INTERVAL DAY TO SECOND(3)", "*", "INT", "INTERVAL DAY TO SECOND(3)"),
        ("STRING", "-", "INTERVAL DAY TO SECOND(3)", ""),
        ("STRING", "+", "INT", ""),
    ],
)
def test_arithmetic(left: str, operator: str, right: str, result: str) -> None:
    assert arithmetic(operator, left, right) == result


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("1", "INT"),
        ("2147483647", "INT"),
        ("2147483648", "BIGINT"),
        ("9223372036854775808", "DECIMAL(19, 0)"),
        ("0.9", "DECIMAL(2, 1)"),
        ("1e3", "DOUBLE"),
    ],
)
def test_numbers_have_the_type_of_their_digits(text: str, type_: str) -> None:
    assert number(text) == type_


def test_sums_grow_and_averages_keep_six_places() -> None:
    assert aggregate("SUM", "DECIMAL(10, 2)") == "DECIMAL(38, 2)"
    assert aggregate("AVG", "DECIMAL(10, 2)") == "DECIMAL(38, 6)"
    assert aggregate("AVG", "INT") == "INT"
    assert aggregate("MAX", "DECIMAL(10, 2)") == "DECIMAL(10, 2)"


def test_rounding_a_decimal_takes_places_away() -> None:
    assert rounded("ROUND", "DECIMAL(10, 3)", 1) == "DECIMAL(9, 1)"
    assert rounded("FLOOR", "DECIMAL(10, 3)", None) == "DECIMAL(10, 0)"
    assert rounded("ROUND", "DOUBLE", None) == "DOUBLE"


def test_a_type_taken_apart() -> None:
    assert shape("ROW<a INT NOT NULL, b ARRAY<STRING>>").parts == (
        Part("a", "INT", False),
        Part("b", "ARRAY<STRING>", True),
    )
    assert element("MAP<STRING, INT NOT NULL>") == ("INT", False)
    assert shape("nonsense").name == ""


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        ("STRING", "STRING"),
        ("DECIMAL(10, 2)", "DECIMAL(10, 2)"),
        ("ROW<value INT, `a b` STRING NOT NULL>", "ROW<`value` INT, `a b` STRING NOT NULL>"),
        (
            "ARRAY<ROW<order ROW<user STRING>>> NOT NULL",
            "ARRAY<ROW<`order` ROW<`user` STRING>>> NOT NULL",
        ),
        ("MAP<STRING NOT NULL, ROW<at TIME(0)>>", "MAP<STRING NOT NULL, ROW<`at` TIME(0)>>"),
        ("NO<TYPE", "NO<TYPE"),
    ],
)
def test_fields_are_quoted_where_a_table_is_declared(type_: str, written: str) -> None:
    assert declared(type_) == written
