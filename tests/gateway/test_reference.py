"""The reference proxy does to records what the Gateway's documentation says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.reference import cel, sql
from tests.gateway.reference.chain import NAMINGS, Chain, Naming, Refused
from tests.gateway.reference.document import Document
from tests.gateway.reference.envelope import CannotDecrypt, Keys
from tests.gateway.reference.masks import hidden
from tests.gateway.reference.rights import Right, Rights

ROW = {"id": "1", "status": "A", "n": 5, "none": None, "place": {"city": "Paris"}}
KEYS = Keys()
KEY = "vault-kms://vault:8200/transit/keys/card"


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("SELECT * FROM t", ROW),
        ("SELECT id, place.city FROM t", {"id": "1", "city": "Paris"}),
        ('SELECT id AS "the id" FROM "t-1.x"', {"the id": "1"}),
        ("SELECT id, nothing FROM t", {"id": "1"}),
        ("SELECT id FROM t WHERE status REGEXP '^(?:A|B)$' AND n >= 5", {"id": "1"}),
        ("SELECT id FROM t WHERE n < 5.5 AND place.city = 'Paris'", {"id": "1"}),
        ("SELECT id FROM t WHERE status REGEXP 'B'", None),
        ("SELECT id FROM t WHERE nothing <> 'x'", None),
        ("SELECT id FROM t WHERE none <> 'x'", None),
        ("SELECT id FROM t WHERE n = '5'", None),
        (
            "SELECT CASE WHEN n > 9 THEN 'many' WHEN n > 1 THEN 'some' ELSE 'few' END AS s FROM t",
            {"s": "some"},
        ),
    ],
)
def test_a_virtual_topic_filters_and_shows(statement: str, shown: Document | None) -> None:
    assert sql.parse(statement).apply(ROW) == shown


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM t WHERE status IN ('A', 'B')",
        "SELECT id FROM t WHERE a = 1 OR b = 2",
        "SELECT id FROM t WHERE note IS NULL",
        "SELECT id FROM t WHERE note LIKE 'a%'",
        "SELECT id FROM t WHERE n BETWEEN 1 AND 9",
        "SELECT UPPER(id) FROM t",
        "SELECT n + 1 AS m FROM t",
        "SELECT id FROM t GROUP BY id",
        "SELECT a.id FROM t AS a JOIN u AS b ON a.id = b.id",
        "SELECT id FROM my-topic",
        "SELECT id FROM t; DROP TABLE t",
        "SELECT id",
        "",
    ],
)
def test_what_the_dialect_lacks_is_no_statement(statement: str) -> None:
    with pytest.raises(sql.NotSql):
        sql.parse(statement)


def test_a_condition_in_cel_that_has_no_answer_fails() -> None:
    keeps = cel.parse('has(record.value.status) && record.value.status == "A" || record.value.x')
    assert keeps(ROW)
    with pytest.raises(cel.NotCel):
        keeps({"status": "B"})
    with pytest.raises(cel.NotCel):
        cel.parse("record.value.status ==")


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        ({"type": "MASK_ALL"}, "********"),
        ({"type": "MASK_FIRST_N", "numberOfChars": 12, "maskingChar": "X"}, "XXXXXXXXXXXX0001"),
        ({"type": "MASK_LAST_N", "numberOfChars": 4}, "411100000000****"),
        ({"type": "MASK_FIRST_N", "numberOfChars": 99}, "*" * 16),
        ({"type": "MASK_LAST_N", "numberOfChars": 99}, "*" * 16),
    ],
)
def test_a_mask_hides(rule: dict[str, Any], seen: str) -> None:
    assert hidden("4111000000000001", rule) == seen


@pytest.mark.parametrize("value", ["4111", 4111, None, {"a": [1]}])
@pytest.mark.parametrize("algorithm", ["AES128_GCM", "AES256_GCM"])
def test_what_is_encrypted_comes_back_with_the_same_keys_only(value: Any, algorithm: str) -> None:
    text = KEYS.encrypt(value, KEY, algorithm)
    assert "4111" not in text
    assert KEYS.decrypt(text) == value
    with pytest.raises(CannotDecrypt):
        Keys().decrypt(text)


def interceptor(plugin: str, priority: int, **config: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": f"{plugin}-{priority}"},
        "spec": {
            "priority": priority,
            "pluginClass": f"io.conduktor.gateway.interceptor.{plugin}",
            "config": config,
        },
    }


def mask(topic: str, *fields: str, priority: int = 700) -> dict[str, Any]:
    policies = [{"name": "p", "fields": list(fields), "rule": {"type": "MASK_ALL"}}]
    return interceptor("FieldLevelDataMaskingPlugin", priority, topic=topic, policies=policies)


def view(statement: str, priority: int = 500) -> dict[str, Any]:
    return interceptor("VirtualSqlTopicPlugin", priority, virtualTopic="view", statement=statement)


ENCRYPT = interceptor(
    "EncryptPlugin",
    300,
    topic="^raw$",
    recordValue={"fields": [{"fieldName": "card", "keySecretId": KEY, "algorithm": "AES256_GCM"}]},
)
DECRYPT = interceptor("DecryptPlugin", 400, topic="^raw$", recordValueFields=["card"])


def test_a_mask_without_a_topic_covers_every_topic() -> None:
    every = mask("x", "card")
    del every["spec"]["config"]["topic"]
    assert Chain([every], KEYS).fetch("any", {"card": "4111"}) == {"card": "********"}


def test_a_mask_covers_the_topics_that_it_matches_whole() -> None:
    chain = Chain([mask("raw", "card")], KEYS)
    assert chain.fetch("raw", {"card": "4111"}) == {"card": "********"}
    assert chain.fetch("raw2", {"card": "4111"}) == {"card": "4111"}


@pytest.mark.parametrize("naming", NAMINGS)
def test_a_view_filters_before_masks_and_after_decryption(naming: Naming) -> None:
    bodies = [
        interceptor("DecryptPlugin", 400, topic="^(?:raw|view)$", recordValueFields=["card"]),
        view("SELECT card AS pan FROM raw WHERE card = '4111'"),
        mask("^(?:view|raw)$", "pan"),
    ]
    chain = Chain(bodies, KEYS, naming)
    stored = {"card": KEYS.encrypt("4111", KEY, "AES256_GCM")}
    assert chain.views == {"view": "raw"}
    assert chain.fetch("view", stored) == {"pan": "********"}
    assert chain.fetch("view", {"card": "other"}) is None


def test_which_name_a_mask_sees_after_a_view_can_be_chosen() -> None:
    bodies = [view("SELECT * FROM raw"), mask("^raw$", "card")]
    as_virtual, as_physical = (
        Chain(bodies, KEYS, Naming(after=a)) for a in ("virtual", "physical")
    )
    assert as_virtual.fetch("view", {"card": "4111"}) == {"card": "4111"}
    assert as_physical.fetch("view", {"card": "4111"}) == {"card": "********"}


def test_a_field_is_stored_encrypted_and_read_by_who_may() -> None:
    stored = Chain([ENCRYPT], KEYS).produce("raw", {"card": "4111", "n": 1})
    assert stored["n"] == 1 and stored["card"].startswith("enc:")
    assert Chain([], KEYS).fetch("raw", stored) == stored
    assert Chain([DECRYPT], KEYS).fetch("raw", stored) == {"card": "4111", "n": 1}
    assert Chain([DECRYPT], KEYS).fetch("raw", {"card": "clear"}) == {"card": "clear"}


def test_another_key_leaves_it_encrypted_or_fails() -> None:
    stored = Chain([ENCRYPT], Keys()).produce("raw", {"card": "4111"})
    assert Chain([DECRYPT], KEYS).fetch("raw", stored) == stored
    failing = interceptor(
        "DecryptPlugin", 400, topic="^raw$", recordValueFields=["card"], errorPolicy="fail_fetch"
    )
    with pytest.raises(Refused):
        Chain([failing], KEYS).fetch("raw", stored)


def test_what_is_encrypted_is_not_encrypted_again_in_silence() -> None:
    stored = Chain([ENCRYPT], KEYS).produce("raw", {"card": "4111"})
    with pytest.raises(Refused):
        Chain([ENCRYPT], KEYS).produce("raw", stored)


@pytest.mark.parametrize(
    ("bodies", "topic"),
    [
        ([view("SELECT * FROM raw")], "view"),
        (
            [interceptor("safeguard.ReadOnlyTopicPolicyPlugin", 1, topic="^t$", action="BLOCK")],
            "t",
        ),
    ],
)
def test_read_only_topics_take_no_records(bodies: list[dict[str, Any]], topic: str) -> None:
    with pytest.raises(Refused):
        Chain(bodies, KEYS).produce(topic, {})


@pytest.mark.parametrize(
    "bodies",
    [
        [view("SELECT * FROM raw WHERE a OR b")],
        [view("SELECT * FROM raw"), view("SELECT * FROM other", 501)],
    ],
)
def test_a_view_that_cannot_be_read_is_refused(bodies: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused):
        Chain(bodies, KEYS)


def test_rights_are_given_and_nothing_else() -> None:
    rights = Rights(
        [
            Right("User:ann", "READ", "TOPIC", "t"),
            Right("User:bob", "READ", "TOPIC", "app-", True),
            Right("User:cat", "ALL", "GROUP", "*"),
        ]
    )
    assert rights.allows("ann", "READ", "TOPIC", "t")
    assert rights.allows("ann", "DESCRIBE", "TOPIC", "t")
    assert not rights.allows("ann", "WRITE", "TOPIC", "t")
    assert not rights.allows("ann", "READ", "TOPIC", "t2")
    assert not rights.allows("ann", "READ", "GROUP", "t")
    assert rights.allows("bob", "READ", "TOPIC", "app-1")
    assert not rights.allows("dan", "DESCRIBE", "TOPIC", "t")
    assert rights.allows("cat", "READ", "GROUP", "any")
