from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.results.change import Aspect
from cdk_stream.stages.diff import diff
from cdk_stream.testing import column, manifest, model, source

RAW = source("raw", {"a": column("INT"), "b": column("INT"), "c": column("STRING")})


def aspects(base: dict[str, Any], head: dict[str, Any], **more: Any) -> list[Aspect]:
    """What differs in a model that has these columns."""
    (change,) = diff(
        manifest(RAW, model("clean", base, **more)), manifest(RAW, model("clean", head, **more))
    )
    return list(change.aspects)


def only(base: dict[str, Any], head: dict[str, Any], **more: Any) -> tuple[str, str]:
    (one,) = aspects(base, head, **more)
    return one.code, one.category


A = column("INT", "source.raw.a")


def test_a_column_that_goes_breaks_its_readers() -> None:
    (one,) = aspects({"a": A, "b": column("INT", "source.raw.b")}, {"a": A})

    assert (one.code, one.category, one.column) == ("COLUMN_REMOVED", "breaking", "b")
    assert one.message == "column 'b' is removed"


@pytest.mark.parametrize(
    ("added", "more", "category"),
    [
        (column("INT"), {}, "safe"),
        (column("INT", classification="sensitive"), {}, "risky"),
        (column("INT", tags=["email"]), {}, "risky"),
        (column("INT", classification=None), {}, "risky"),
        (column("INT", nullable=False), {}, "risky"),
        (column("INT", nullable=False), {"format": "avro"}, "breaking"),
        (column("INT", nullable=False), {"contract": {"compatibility": "full"}}, "breaking"),
        (column("INT", nullable=False), {"contract": {"compatibility": "forward"}}, "safe"),
    ],
)
def test_a_new_column_is_safe_only_when_harmless(
    added: dict[str, Any], more: dict[str, Any], category: str
) -> None:
    assert only({"a": A}, {"a": A, "b": added}, **more) == ("COLUMN_ADDED", category)


def test_the_same_input_under_a_new_name_is_a_renaming() -> None:
    (one,) = aspects({"a": A}, {"z": A})

    assert (one.code, one.category) == ("COLUMN_RENAMED", "breaking")
    assert one.message == "column 'a' is renamed to 'z'"


def test_two_candidates_are_no_renaming() -> None:
    codes = {one.code for one in aspects({"a": A}, {"y": A, "z": A})}

    assert codes == {"COLUMN_REMOVED", "COLUMN_ADDED"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("INT", "BIGINT", ("TYPE_WIDENED", "risky")),
        ("INT", "DOUBLE", ("TYPE_WIDENED", "risky")),
        ("BIGINT", "INT", ("TYPE_CHANGED", "breaking")),
        ("BIGINT", "DOUBLE", ("TYPE_CHANGED", "breaking")),
        ("VARCHAR(5)", "STRING", ("TYPE_WIDENED", "risky")),
        ("DECIMAL(10, 2)", "DECIMAL(12, 2)", ("TYPE_WIDENED", "risky")),
        ("DECIMAL(10, 2)", "DECIMAL(12, 4)", ("TYPE_CHANGED", "breaking")),
        ("TIMESTAMP(3)", "TIMESTAMP(6)", ("TYPE_CHANGED", "breaking")),
        ("ROW<a INT>", "ROW<a INT, b INT>", ("TYPE_CHANGED", "breaking")),
        ("INT", "", ("TYPE_UNKNOWN", "breaking")),
    ],
)
def test_types(old: str, new: str, expected: tuple[str, str]) -> None:
    assert only({"a": column(old)}, {"a": column(new)}) == expected


def test_a_wider_type_breaks_those_who_were_promised_to_read_on() -> None:
    more = {"contract": {"compatibility": "full"}}

    assert only({"a": column("INT")}, {"a": column("BIGINT")}, **more) == (
        "TYPE_WIDENED",
        "breaking",
    )


def test_two_spellings_of_a_type_are_one() -> None:
    base = manifest(source("raw", {"a": column("DECIMAL(10,2)")}))
    head = manifest(source("raw", {"a": column("decimal(10, 2)")}))

    assert diff(base, head) == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (True, False, ("NULLABLE_TO_REQUIRED", "safe")),
        (False, True, ("REQUIRED_TO_NULLABLE", "breaking")),
    ],
)
def test_nulls(old: bool, new: bool, expected: tuple[str, str]) -> None:
    assert only({"a": column(nullable=old)}, {"a": column(nullable=new)}) == expected


def test_another_input_under_an_old_name_is_not_the_same_column() -> None:
    (one,) = aspects({"a": A}, {"a": column("INT", "source.raw.b")})

    assert (one.code, one.category) == ("ORIGIN_CHANGED", "risky")
    assert one.message == "column 'a' is made of 'raw.b', not of 'raw.a'"


@pytest.mark.parametrize(
    ("inputs", "how", "message"),
    [
        (["source.raw.a", "source.raw.b"], "identity", "column 'a' is made of 'raw.b' as well"),
        ([], "identity", "column 'a' is not made of 'raw.a' any more"),
        (["source.raw.a"], "count", "column 'a' is made of its inputs in another way"),
    ],
)
def test_how_a_column_is_made_is_told_by_what_differs(
    inputs: list[str], how: str, message: str
) -> None:
    found = aspects({"a": A}, {"a": column("INT", *inputs, how=how)})

    assert [one.message for one in found if one.code == "ORIGIN_CHANGED"] == [message]


def test_lineage_that_is_lost_is_not_taken_for_fine() -> None:
    lost = column("INT", "source.raw.a", analysis="unknown")

    assert only({"a": A}, {"a": lost}) == ("LINEAGE_UNKNOWN", "breaking")


def test_an_expression_is_told_by_its_own_fingerprint() -> None:
    def clean(rows: str, **expressions: str) -> dict[str, Any]:
        return model(
            "clean",
            {name: column("INT", expression=text) for name, text in expressions.items()},
            fingerprint=rows + repr(expressions),
            rows_fingerprint=rows,
        )

    (change,) = diff(manifest(clean("r", a="1", b="2")), manifest(clean("r", a="1", b="3")))

    assert [(one.code, one.column) for one in change.aspects] == [("EXPRESSION_CHANGED", "b")]
