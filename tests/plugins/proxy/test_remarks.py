"""What an author is told of rules that the Gateway cannot hold, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.problems import Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Protection, Stream
from cdk_stream_proxy.backend import ProxyBackend

Make = Callable[..., Stream]
Rule = Callable[..., Protection]
BACKEND = ProxyBackend()
KMS = {
    "kms://prod/card": "vault-kms://vault:8200/transit/keys/card",
    "kms://dev": "in-memory-kms://dev",
}


def told(stream: Stream, project: Project) -> list[tuple[str, str, Severity]]:
    return [(r.code, r.pointer, r.severity) for r in BACKEND.compile(stream, project).remarks]


def policy(**rule: Any) -> dict[str, Any]:
    return {"security": {"policies": [rule]}}


def test_a_mask_that_the_gateway_lacks_says_what_is_lost(make_view: Make, project: Project) -> None:
    rule = {"column": "card_number", "method": "tokenization", "applied_in": {"roles": ["support"]}}
    (remark,) = BACKEND.compile(
        make_view("SELECT * FROM t", resource=policy(mask=rule)), project
    ).remarks
    assert remark.pointer == "/security/policies/0/mask/method"
    assert remark.message == (
        "the Gateway has no tokenization: 'card_number' is masked whole (MASK_ALL), "
        "and joins and counts on the token are lost"
    )
    assert remark.mend.startswith("write mask_all, mask_first_n or mask_last_n, encrypt the column")
    assert remark.severity is Severity.WARNING


WARNING, ERROR = Severity.WARNING, Severity.ERROR
MASK = {"column": "card_number", "applied_in": {"roles": ["support"]}}
ENCRYPT = {"column": "card_number", "key": "kms://prod/card"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"mask": MASK}, []),
        ({"mask": MASK | {"method": "mask_first_n"}}, [("CS524", "mask/method", ERROR)]),
        ({"mask": MASK | {"method": "mask_first_n", "characters": 12}}, []),
        ({"mask": MASK | {"column": "amount_cents"}}, [("CS525", "mask/column", WARNING)]),
        (
            {"mask": MASK | {"applied_in": {"roles": ["ghosts"]}}},
            [("CS522", "mask/applied_in", WARNING)],
        ),
        ({"allow": {"roles": ["odd"]}}, [("CS521", "allow/roles", ERROR)]),
        ({"encrypt": ENCRYPT}, [("CS526", "encrypt", WARNING)]),
        (
            {"encrypt": ENCRYPT | {"key": "kms://prod/cart"}},
            [("CS527", "encrypt/key", ERROR), ("CS526", "encrypt", WARNING)],
        ),
        (
            {"encrypt": ENCRYPT | {"key": "kms://dev"}},
            [("CS528", "encrypt/key", ERROR), ("CS526", "encrypt", WARNING)],
        ),
        (
            {"encrypt": ENCRYPT | {"algorithm": "ROT13"}},
            [("CS528", "encrypt/algorithm", ERROR), ("CS526", "encrypt", WARNING)],
        ),
    ],
)
def test_a_rule_is_answered_at_its_own_place(
    rule: dict[str, Any],
    expected: list[tuple[str, str, Severity]],
    make_view: Make,
    make_project: Callable[..., Project],
) -> None:
    project = make_project(
        kms=KMS,
        roles={
            "support": {"service_accounts": ["ui"]},
            "ghosts": {},
            "odd": {"group": "a b", "service_accounts": ["x"]},
        },
    )
    stream = make_view("SELECT * FROM t", resource=policy(**rule))
    assert told(stream, project) == [
        (code, f"/security/policies/0/{where}", severity) for code, where, severity in expected
    ]


def test_encryption_waits_for_the_word_of_the_source_that_holds_the_column(
    make_view: Make, make_project: Callable[..., Project]
) -> None:
    stream = make_view(
        "SELECT payment_id FROM t", columns="payment_id STRING!", resource=policy(encrypt=ENCRYPT)
    )
    (remark,) = BACKEND.compile(stream, make_project(kms=KMS)).remarks
    assert remark.message == (
        "encrypting 'card_number' changes the data of everyone who writes or reads 'payments.v1', "
        "which takes the word of the source 'payments': 'card_number' is masked for everyone "
        "except the allowed roles instead"
    )


def test_a_willing_source_is_encrypted_without_a_word(
    make_stream: Make, make_view: Make, make_project: Callable[..., Project]
) -> None:
    source = make_stream("source.payments", resource={"security": {"allow_encryption": True}})
    stream = make_view("SELECT * FROM t", source, resource=policy(encrypt=ENCRYPT))
    assert told(stream, make_project(kms=KMS)) == []


def codes(stream: Stream, project: Project, *rules: Protection) -> list[str]:
    stream.columns["card_number"].protections = rules
    return [remark.code for remark in BACKEND.compile(stream, project).remarks]


def test_a_role_both_masked_and_allowed_is_an_error(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rules = (mask(roles=("support",)), mask(allowed=("support",)))
    assert codes(make_stream("source.payments"), project, *rules) == ["CS531"]


def test_an_account_both_masked_and_allowed_is_an_error(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    both = {"service_accounts": ["shared"]}
    project = make_project(roles={"support": both, "engine": both})
    rule = mask(roles=("support",), allowed=("engine",))
    stream = make_stream("source.payments")
    stream.columns["card_number"].protections = (rule,)
    (remark,) = BACKEND.compile(stream, project).remarks
    assert (remark.code, remark.severity) == ("CS531", Severity.ERROR)
    assert (
        "'shared' is masked for 'card_number' as 'support' and allowed as 'engine'"
        in remark.message
    )


def test_an_inherited_conflict_is_told_where_it_arose_only(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rules = (mask(roles=("support",)), mask(allowed=("support",)))
    assert codes(make_stream("model.job"), project, *rules) == []


def test_two_keys_for_one_column_are_an_error(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rules = (mask(method="encrypt", key="a"), mask(method="encrypt", key="b"))
    assert codes(make_stream("source.payments"), project, *rules) == ["CS532"]


def test_a_protected_column_without_a_gateway_is_an_error(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    assert codes(make_stream("source.payments"), make_project({"gateway": None}), mask()) == [
        "CS530"
    ]


def test_a_protected_key_is_an_error(make_stream: Make, mask: Rule, project: Project) -> None:
    stream = make_stream("source.payments", key=("card_number",))
    stream.columns["card_number"].protections = (mask(),)
    (remark,) = BACKEND.compile(stream, project).remarks
    assert (remark.code, remark.severity) == ("CS533", Severity.ERROR)


@pytest.mark.parametrize(
    ("engine", "desk"),
    [
        ({"group": "shared"}, {"group": "shared"}),
        ({}, {"group": "engine"}),
        ({"group": "desk"}, {}),
    ],
)
def test_a_role_that_shares_an_allowed_ones_group_is_an_error(
    engine: dict[str, str],
    desk: dict[str, str],
    make_stream: Make,
    mask: Rule,
    make_project: Callable[..., Project],
) -> None:
    project = make_project(roles={"engine": engine, "desk": desk})
    stream = make_stream("source.payments")
    stream.columns["card_number"].protections = (mask(allowed=("engine",)),)
    (remark,) = BACKEND.compile(stream, project).remarks
    assert (remark.code, remark.severity) == ("CS531", Severity.ERROR)
    assert "'desk'" in remark.message and "in common with 'engine'" in remark.message


def test_roles_that_are_both_allowed_may_share_a_group(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    one = {"group": "shared"}
    project = make_project(roles={"engine": one, "desk": one})
    assert codes(make_stream("source.payments"), project, mask(allowed=("desk", "engine"))) == []


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ("ARRAY<STRING>", ["CS529"]),
        ("MAP<STRING, STRING>", ["CS529"]),
        ("ROW<a STRING, b ROW<c ARRAY<INT>>>", ["CS529"]),
        ("ROW<`a.b` STRING>", ["CS529"]),
        ("ROW<a NO TYPE>", ["CS529"]),
        ("ROW<a STRING, b ROW<c INT>>", []),
    ],
)
def test_what_a_mask_cannot_reach_is_an_error(
    type_: str, told: list[str], make_stream: Make, mask: Rule, project: Project
) -> None:
    stream = make_stream("source.payments")
    stream.columns["card_number"].type = type_
    assert codes(stream, project, mask()) == told


def test_rows_that_need_a_registry_to_be_masked_need_one(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    project = make_project({"schema_registry": None})
    assert codes(make_stream("source.payments", format="avro"), project, mask()) == ["CS534"]


@pytest.mark.parametrize(("name", "told"), [("note", ["CS538"]), ("pan", []), ("card_number", [])])
def test_a_new_name_that_the_topic_has_already_is_told(
    name: str, told: list[str], make_stream: Make, make_view: Make, mask: Rule, project: Project
) -> None:
    source = make_stream("source.payments")
    source.columns["card_number"].protections = (mask(),)
    sql = f"SELECT payment_id, card_number AS {name} FROM t"
    view = make_view(sql, source, columns=f"payment_id STRING!, {name} STRING!")
    view.backend, view.materialized = "proxy", "virtual_topic"
    view.columns[name].protections = (mask(),)
    assert [remark.code for remark in BACKEND.compile(view, project).remarks] == told
