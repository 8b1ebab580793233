"""What a migration says can be done as it stands, and then nobody is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.results.migration import Migration
from cdk_stream.results.verdict import Verdict
from cdk_stream.workflow.check import check
from tests.core.advise.pull_request import Edit, carry_out, opened

CLEAN = "models/card_payments_clean.yml"
EVENTS = "models/card_payments_fraud_events.yml"
PROFILE = "models/customer_risk_profile.yml"
RAW = "sources/card_payments_raw.yml"
TESTS = "tests/payments.yml"
READERS = "exposures/consumers.yml"

LESS: tuple[Edit, ...] = (
    (CLEAN, "        card_network,\n", ""),
    (EVENTS, "          p.card_network,\n", ""),
    (EVENTS, "p.currency, p.card_network, c.", "p.currency, c."),
    (EVENTS, "        card_network,\n        event_time", "        event_time"),
    (EVENTS, "    key: payment_id\n", "    key: payment_id\n    on_state_change: replay\n"),
)
GONE: tuple[Edit, ...] = ((CLEAN, "        status,\n", ""),)
LOOSE = tuple(
    (path, "      compatibility: backward\n", "      compatibility: none\n")
    for path in (CLEAN, EVENTS)
)
DIRECT: tuple[Edit, ...] = (
    (READERS, '      - ref("card_payments_fraud_events")', '      - ref("card_payments_clean")'),
    (TESTS, "      - allowed_values: { column: status, values: [AUTHORIZED, CAPTURED] }\n", ""),
)
RISK = "        CAST(risk_score AS DECIMAL(3, 2)) AS risk_score,\n        CASE"
OTHER_KEY: tuple[Edit, ...] = ((EVENTS, "key: payment_id", "key: customer_id"),)
GROUPED: tuple[Edit, ...] = (
    (PROFILE, "        risk_band,\n        kyc_status,\n        updated_at\n", """\
        MAX(risk_band) AS risk_band,
        MAX(kyc_status) AS kyc_status,
        MAX(updated_at) AS updated_at
"""),
    (PROFILE, "'REVIEW')\n", "'REVIEW')\n      GROUP BY customer_id\n"),
)  # fmt: skip


def told(root: Path) -> Verdict:
    verdict = check(root, "main")
    assert verdict.changes
    return verdict


def kinds(verdict: Verdict) -> list[tuple[str, str]]:
    return [(one.node.partition(".")[2], one.kind) for one in verdict.migrations]


def side_by_side(verdict: Verdict) -> list[Migration]:
    return [one for one in verdict.migrations if one.kind in ("new_version", "expand_contract")]


VERSIONS = {
    "a column less, through a join": (LESS, LOOSE),
    "a column less, which a plain query can keep": (GONE, (*LOOSE, *DIRECT)),
    "a column renamed": (
        ((CLEAN, "        status,\n", "        status AS state,\n"),),
        (*LOOSE, *DIRECT),
    ),
    "another key": (OTHER_KEY, LOOSE),
    "another type": (
        ((EVENTS, "        risk_score,\n        CASE", RISK),),
        LOOSE,
    ),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_side_by_side_nobody_breaks(case: str, tmp_path: Path) -> None:
    edits, before = VERSIONS[case]
    root = opened(tmp_path, *edits, before=before)
    first = told(root)
    broken = {one.exposure for one in first.impacts if one.severity == "breaking"}
    assert broken, "nothing to get over"

    migrations = side_by_side(first)
    assert migrations
    carry_out(root, [Migration(one.node, one.kind, "", "", one.steps) for one in migrations])
    second = check(root, "main")

    assert not [problem for problem in second.problems if problem.severity.value == "error"]
    assert not [one for one in second.impacts if one.severity == "breaking"]


@pytest.mark.parametrize("case", VERSIONS)
def test_then_the_readers_can_move(case: str, tmp_path: Path) -> None:
    edits, before = VERSIONS[case]
    root = opened(tmp_path, *edits, before=before)

    carry_out(root, side_by_side(told(root)))
    second = check(root, "main")

    assert not [problem for problem in second.problems if problem.severity.value == "error"]
    assert second.policies, "it compiled, so policies were asked"


def test_a_plain_query_keeps_the_column(tmp_path: Path) -> None:
    verdict = told(opened(tmp_path, *GONE, before=(*LOOSE, *DIRECT)))

    assert ("card_payments_clean", "expand_contract") in kinds(verdict)
    (kept,) = [one for one in verdict.migrations if one.kind == "expand_contract"]
    assert "\n        status,\n" in kept.steps[0].snippet


def test_a_job_that_loses_its_state_is_replayed(tmp_path: Path) -> None:
    root = opened(tmp_path, *GROUPED, before=LOOSE)
    verdict = told(root)
    assert ("customer_risk_profile", "replay") in kinds(verdict)
    assert any(problem.code in ("CS820", "CS821") for problem in verdict.problems)

    carry_out(root, [one for one in verdict.migrations if one.kind == "replay"])

    assert not [p for p in check(root, "main").problems if p.code in ("CS820", "CS821")]


def test_another_topic_asks_for_another_group(tmp_path: Path) -> None:
    name = ("    key: payment_id\n", "    key: payment_id\n    topic: fraud.scored\n")
    root = opened(tmp_path, (EVENTS, *name), before=LOOSE)
    verdict = told(root)
    assert ("card_payments_fraud_events", "consumer_group") in kinds(verdict)

    carry_out(root, [one for one in verdict.migrations if one.kind == "consumer_group"])
    assert "consumer_group: fraud-scoring-v3-v2" in (root / READERS).read_text()
    assert check(root, "main").policies


def test_a_source_is_written_twice_until_its_readers_moved(tmp_path: Path) -> None:
    schema = "schemas/payments.raw.v1.json"
    text, number = '"card_network": {"type": "string"}', '"card_network": {"type": "integer"}'
    root = opened(tmp_path, (schema, text, number), before=LOOSE)
    (migration,) = [one for one in told(root).migrations if one.node == "source.card_payments_raw"]
    (writer,) = [one for one in migration.moves if one.exposure == "exposure.payments_api"]

    assert migration.kind == "new_version"
    assert 'source("card_payments_raw_v2")' in writer.steps[0].snippet
    assert "topic: payments.raw.v1.v2" in migration.steps[0].snippet


def test_who_reads_something_in_between_does_nothing(tmp_path: Path) -> None:
    verdict = told(opened(tmp_path, *OTHER_KEY, before=LOOSE))
    (migration,) = side_by_side(verdict)
    moves = {move.exposure.partition(".")[2]: move.steps[0] for move in migration.moves}

    assert moves["fraud_scoring_service"].effect == "set"
    assert moves["fraud_analyst_dashboard"].text.startswith("nothing: it reads ")


def test_what_only_readers_can_know_is_asked_of_them(tmp_path: Path) -> None:
    fewer = (CLEAN, "IN ('AUTHORIZED', 'CAPTURED')", "= 'CAPTURED'")
    assert kinds(told(opened(tmp_path, fewer))) == [("card_payments_clean", "confirm")]


def test_a_mask_more_asks_for_a_role_or_for_coping(tmp_path: Path) -> None:
    mask = ("    contract:\n", """\
    security:
      policies:
        - mask:
            column: card_network
            method: mask_all
            applied_in:
              - roles: [fraud-engine]
    contract:
""")  # fmt: skip
    root = opened(tmp_path, (CLEAN, *mask), before=DIRECT)
    assert ("card_payments_clean", "access") in kinds(told(root))


def test_a_change_that_hits_nobody_needs_no_way_over_it(tmp_path: Path) -> None:
    more = (CLEAN, "        event_time\n", "        event_time,\n        currency AS money\n")
    assert not told(opened(tmp_path, more)).migrations
