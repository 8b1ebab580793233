"""Who may read a column, by which way, and what they see of it."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.results.access import Access
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.access import account_reads, exposure_reads, role_reads, who_reads
from tests.core.access.conftest import PROJECT, Compile

CARD = ("source.payments", "card")
MASK_SUPPORT = {"mask": {"column": "card", "applied_in": [{"roles": ["support"]}]}}
MASK_ALL = {"mask": {"column": "card"}}
ALLOW_FRAUD = {"allow": {"roles": ["fraud"], "purpose": "fraud"}}
ENCRYPT = {"encrypt": {"column": "card", "key": "vault-kms://vault:8200/transit/keys/k"}}

VIEW = {
    "name": "clean",
    "materialized": "virtual_topic",
    "sql": 'SELECT id, card AS pan FROM {{ source("payments") }}',
}
JOB = {
    "name": "totals",
    "materialized": "flink_stream",
    "key": "card",
    "sql": 'SELECT card, SUM(amount) AS total FROM {{ source("payments") }} GROUP BY card',
}
COPY = {
    "name": "copied",
    "materialized": "flink_stream",
    "sql": 'SELECT id, card AS pan FROM {{ source("payments") }}',
}


def reader(reads: str, *roles: str, name: str = "app", **keys: Any) -> dict[str, Any]:
    return {"name": name, "consumes": [reads], "access": {"allowed_roles": list(roles)}} | keys


def told(access: Access) -> set[str]:
    """`WHO WAY NODE.COLUMN FORM`, a question mark behind what is not known."""
    return {
        f"{one.who} {one.way} {one.place.node}.{one.place.column} {one.sight.form}"
        + ("" if one.is_certain else "?")
        for one in access.readings
    }


ANYONE = "whoever has a right from elsewhere broker source.payments.card clear?"


def roles(**forms: str) -> set[str]:
    """What roles would see of the source through the Gateway, had they a right to it."""
    return {f"role {role} gateway source.payments.card {form}?" for role, form in forms.items()}


def test_a_topic_of_others_may_be_read_by_anyone(compiled: Compile) -> None:
    assert told(who_reads(compiled(), CARD)) == {ANYONE}


def test_a_mask_for_a_role_lets_the_others_through(compiled: Compile) -> None:
    readers = [reader("payments", "support", name="a"), reader("payments", "fraud", name="b")]
    found = who_reads(compiled(exposures=readers, rules=[MASK_SUPPORT]), CARD)
    assert told(found) == {
        ANYONE,
        "desk gateway source.payments.card masked",
        "scoring gateway source.payments.card clear",
    } | roles(support="masked")


def test_a_mask_for_all_spares_those_who_are_allowed(compiled: Compile) -> None:
    readers = [
        reader("payments", "support", name="a"),
        reader("payments", "fraud", name="b"),
        reader("payments", name="c", service_accounts=["stranger"]),
    ]
    found = who_reads(compiled(exposures=readers, rules=[MASK_ALL, ALLOW_FRAUD]), CARD)
    assert told(found) == {
        ANYONE,
        "desk gateway source.payments.card masked",
        "scoring gateway source.payments.card clear",
        "stranger gateway source.payments.card masked",
    } | roles(fraud="clear")


def test_a_renamed_column_is_found_and_still_masked(compiled: Compile) -> None:
    manifest = compiled([VIEW], [reader("clean", "support")], [MASK_SUPPORT])
    seen = {ANYONE, "desk gateway model.clean.pan masked"}
    assert told(who_reads(manifest, CARD)) == seen | roles(support="masked")
    assert told(who_reads(manifest, ("model.clean", "pan"))) == told(who_reads(manifest, CARD))


def test_a_job_reads_in_clear_and_its_output_is_masked(compiled: Compile) -> None:
    manifest = compiled([COPY], [reader("copied", "support")], [MASK_ALL])
    assert told(who_reads(manifest, CARD)) == {
        ANYONE,
        "cdk-shop-copied broker source.payments.card clear",
        "desk gateway model.copied.pan masked",
    }


def test_a_job_reads_encrypted_columns_through_the_gateway(compiled: Compile) -> None:
    source = {"security": {"allow_encryption": True, "policies": [ENCRYPT, ALLOW_FRAUD]}}
    manifest = compiled([COPY], [reader("copied", "fraud")], source=source)
    found = who_reads(manifest, CARD)
    assert told(found) == {
        "whoever has a right from elsewhere broker source.payments.card encrypted?",
        "cdk-shop-copied gateway source.payments.card clear",
        "scoring gateway model.copied.pan clear",
    } | roles(fraud="clear")
    (anyone,) = (one for one in found.readings if one.who.startswith("whoever"))
    assert anyone.sight.why == "rows written before the rule lie in clear"


def test_what_the_owner_does_not_let_be_encrypted_is_clear(compiled: Compile) -> None:
    assert ANYONE in told(who_reads(compiled(rules=[ENCRYPT]), CARD))


def test_what_is_made_of_a_column_is_told_from_copies(compiled: Compile) -> None:
    model = {
        "name": "bands",
        "sql": "SELECT id, SUBSTRING(card, 1, 6) AS bin,"
        " CASE WHEN card LIKE '4%' THEN 'VISA' ELSE 'OTHER' END AS brand"
        ' FROM {{ source("payments") }}',
    }
    values = {place.column: place.value for place in who_reads(compiled([model]), CARD).places}
    assert values == {"card": "copy", "bin": "derived", "brand": "condition"}


def sink(**config: Any) -> dict[str, Any]:
    said = {"type": "file", "connector": "files", "config": {"path": "/tmp/x"} | config}
    return {"name": "out", "materialized": "sink", "from": {"model": "copied"}, "sink": said}


def test_a_sink_is_read_by_whoever_its_target_lets(compiled: Compile) -> None:
    manifest = compiled([COPY, sink()], [reader("out", "support")])
    assert told(who_reads(manifest, ("model.copied", "pan"))) >= {
        "cdk-shop-out broker model.copied.pan clear",
        "desk target model.out.pan clear",
        "whoever may read the target target model.out.pan clear?",
    }


TABLE = {
    "sn": {
        "kind": "snowflake",
        "version": 3,
        "connection": {"url": "acme.snowflakecomputing.com", "user": "u"},
    }
}
SNOWFLAKE = {
    "name": "out",
    "materialized": "sink",
    "from": {"model": "copied"},
    "sink": {
        "type": "snowflake_table",
        "connector": "sn",
        "config": {"database": "D", "schema": "S", "table": "T"},
    },
}


@pytest.mark.parametrize(("role", "form"), [("fraud", "masked"), ("export", "clear")])
def test_a_connector_masks_what_its_own_roles_may_not_read(
    role: str, form: str, compiled: Compile
) -> None:
    known = PROJECT["roles"] | {"export": {"service_accounts": ["cdk-shop-out"]}}
    allow = {"allow": {"roles": [role]}}
    manifest = compiled([COPY, SNOWFLAKE], rules=[MASK_ALL, allow], roles=known, connectors=TABLE)
    expected = f"whoever may read the target target model.out.pan {form}?"
    assert expected in told(who_reads(manifest, CARD))


def test_rows_that_a_sink_could_not_write_lie_there_too(compiled: Compile) -> None:
    manifest = compiled([COPY, sink(dead_letter_topic="out.dead")])
    holders = [place.holder for place in who_reads(manifest, CARD).places]
    assert "dead-letter topic out.dead" in holders


def test_an_application_without_accounts_is_not_forgotten(compiled: Compile) -> None:
    found = told(who_reads(compiled(exposures=[reader("payments")]), CARD))
    assert "the accounts of 'app' broker source.payments.card clear?" in found


def test_nobody_knows_who_is_in_a_group_of_the_identity_provider(compiled: Compile) -> None:
    known = PROJECT["roles"] | {"bi": {"external_groups": ["idp-bi"]}}
    manifest = compiled(exposures=[reader("payments", "bi")], rules=[MASK_ALL], roles=known)
    found = told(who_reads(manifest, CARD))
    assert "members of the group 'idp-bi' gateway source.payments.card masked?" in found


def test_a_public_model_may_be_read_from_outside(compiled: Compile) -> None:
    manifest = compiled([COPY | {"public": True}], rules=[MASK_SUPPORT])
    found = told(who_reads(manifest, CARD))
    assert "readers outside the project gateway model.copied.pan clear?" in found


def test_roles_that_share_a_group_are_one_to_the_gateway(compiled: Compile) -> None:
    known = {
        "support": {"group": "staff", "service_accounts": ["desk"]},
        "clerks": {"group": "staff", "service_accounts": ["counter"]},
    }
    exposure = reader("payments", "clerks")
    manifest = compiled(exposures=[exposure], rules=[MASK_SUPPORT], roles=known)
    assert "counter gateway source.payments.card masked" in told(who_reads(manifest, CARD))


def test_a_rule_that_nothing_enforces_hides_nothing(compiled: Compile) -> None:
    manifest = compiled(
        exposures=[reader("payments", "support")],
        rules=[MASK_SUPPORT],
        plugins=["connect", "flink", "kafka", "policies"],
    )
    found = who_reads(manifest, CARD)
    assert "desk gateway source.payments.card clear" in told(found)
    (desk,) = (one for one in found.readings if one.who == "desk")
    assert desk.sight.why == "it is to be hidden, and nothing was made that does it"


def test_what_a_role_reads(compiled: Compile) -> None:
    manifest = compiled([COPY], [reader("copied", "support")], [MASK_SUPPORT])
    assert told(role_reads(manifest, "support")) == {
        "desk gateway model.copied.id clear",
        "desk gateway model.copied.pan masked",
        "role support broker source.payments.id clear?",
        "role support broker source.payments.card clear?",
        "role support broker source.payments.amount clear?",
        "role support gateway source.payments.card masked?",
    }


def test_what_an_account_reads(compiled: Compile) -> None:
    manifest = compiled([COPY], [reader("copied", "support")])
    certain = [one for one in account_reads(manifest, "desk").readings if one.is_certain]
    assert [one.place.column for one in certain] == ["id", "pan"]
    assert {one.granted_by for one in certain} == {("exposure.app",)}


def test_what_an_application_reads(compiled: Compile) -> None:
    both = [reader("copied", "support", name="a"), reader("clean", "support", name="b")]
    manifest = compiled([COPY, VIEW], both)
    found = exposure_reads(manifest, "exposure.b")
    assert {one.place.node for one in found.readings} == {"model.clean"}


def test_who_only_writes_reads_nothing(compiled: Compile) -> None:
    producer = {"name": "api", "produces": ["payments"], "service_accounts": ["api"]}
    manifest = compiled(exposures=[producer])
    assert exposure_reads(manifest, "exposure.api").readings == ()
    assert not any(one.is_certain for one in account_reads(manifest, "api").readings)


def test_a_query_that_cannot_be_followed_may_hold_the_column(compiled: Compile) -> None:
    open_source: dict[str, Any] = {"columns": [], "schema_ref": None}
    model = {
        "name": "all_of_it",
        "materialized": "virtual_topic",
        "sql": 'SELECT * FROM {{ source("payments") }}',
    }
    manifest = compiled([model], source=open_source)
    (place,) = (
        one
        for one in who_reads(manifest, ("source.payments", "*")).places
        if one.node == "model.all_of_it"
    )
    assert (place.column, place.is_exact) == ("*", False)


def test_rights_of_a_plugin_that_cannot_be_read_count(compiled: Compile) -> None:
    manifest = compiled(exposures=[reader("payments", "support")])
    node = manifest.nodes["exposure.app"]
    for artifact in node["artifacts"]:
        artifact.pop("rights", None)
    assert isinstance(manifest, Manifest)
    found = told(who_reads(manifest, CARD))
    assert "desk@exposure.app broker source.payments.card clear?" in found
