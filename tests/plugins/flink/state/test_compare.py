from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_stream_flink.state.compare import compare
from cdk_stream_flink.state.plan import NoPlan, read_plan
from cdk_stream_flink.state.signature import Signature, signature
from tests.plugins.flink.state.plans import Plan, load, signed
from tests.plugins.flink.state.upgrades import BASES, UPGRADES

KEPT = [*BASES, *UPGRADES]
# A plan is read from disk for each example, which a busy machine may take its time for.
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", UPGRADES)
def test_two_plans_tell_what_flink_does_with_the_state(name: str) -> None:
    upgrade = UPGRADES[name]

    change = compare(signed(upgrade.base), signed(name))

    assert (change.verdict, change.planned) == (upgrade.verdict, True)
    assert bool(change.findings) is (upgrade.verdict != "safe")


def test_findings_name_the_operator_and_what_would_be_wrong() -> None:
    (finding,) = compare(signed("count"), signed("count: a sum in its place")).findings

    assert finding == (
        "drift",
        "GroupAggregate(groupBy=[customer_id])",
        "a call is SUM(1), it was COUNT(), and it takes other rows (payments.customer_id becomes"
        " payments.customer_id, payments.amount): results that were counted the old way go on as"
        " if they were the new ones",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("count: a filter", "where =(payments.status, 1:INT NOT NULL) comes in"),
        ("count: a sum as well", "it keeps other fields than before (BIGINT comes in)"),
        ("count: in windows", "it takes the place of GroupAggregate(groupBy=[customer_id])"),
        ("count: state that ends later", "what the old job has forgotten already is missing"),
        ("count: then ranked", "it is new and starts empty"),
        ("interval: wider bounds", "leftLowerBound is -20000, it was -10000"),
        ("interval: a left join", "joinType is LEFT, it was INNER"),
        ("tumble: a longer window", "size is PT20S, it was PT10S: windows that are open mix"),
        ("tumble: as a group window", "Flink refuses to start while there is state for it"),
    ],
)
def test_words(name: str, words: str) -> None:
    findings = compare(signed(UPGRADES[name].base), signed(name)).findings

    assert any(words in finding.message for finding in findings), findings


@pytest.mark.parametrize("name", BASES)
def test_a_job_goes_on_from_itself(name: str) -> None:
    assert compare(signed(name), signed(name)).findings == ()


def test_a_job_that_keeps_nothing_yet_starts_empty() -> None:
    (finding,) = compare(Signature("2.3"), signed("count")).findings

    assert (finding.verdict, "starts empty" in finding.message) == ("drift", True)


@slow
@given(st.sampled_from(KEPT), st.data())
def test_ids_and_the_order_in_the_file_do_not_matter(name: str, data: st.DataObject) -> None:
    plan = load(name)
    count = len(plan["nodes"])
    numbers = data.draw(st.lists(st.integers(), min_size=count, max_size=count, unique=True))
    order = data.draw(st.permutations(range(count)))

    assert signature(read_plan(_renumbered(plan, numbers, order))) == signed(name)


def _renumbered(plan: Plan, numbers: list[int], order: list[int]) -> Plan:
    ids = dict(zip((node["id"] for node in plan["nodes"]), numbers, strict=True))
    nodes = [{**plan["nodes"][index], "id": numbers[index]} for index in order]
    edges = [
        {**edge, "source": ids[edge["source"]], "target": ids[edge["target"]]}
        for edge in plan["edges"]
    ]
    return {**plan, "nodes": nodes, "edges": edges}


@slow
@given(st.sampled_from(KEPT), st.data())
def test_a_plan_that_lacks_something_is_refused_or_read_without_it(
    name: str, data: st.DataObject
) -> None:
    plan = load(name)
    node = data.draw(st.sampled_from(plan["nodes"]))
    del node[data.draw(st.sampled_from(sorted(node)))]

    try:
        signature(read_plan(plan))
    except NoPlan as refused:
        assert str(refused)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_anything_else_is_no_plan(document: Any) -> None:
    with pytest.raises(NoPlan):
        read_plan(document)


def test_an_unknown_operator_is_taken_to_keep_state() -> None:
    plan = load("count")
    text = orjson.dumps(plan).replace(b"stream-exec-calc_1", b"stream-exec-oracle_1")
    strange = signature(read_plan(orjson.loads(text)))

    assert {operator.kind for operator in strange.operators} == {"group-aggregate", "oracle"}
    assert compare(signed("count"), strange).verdict == "drift"


def test_a_circle_is_refused() -> None:
    plan = load("count")
    first, last = plan["nodes"][0]["id"], plan["nodes"][-1]["id"]
    plan["edges"].append({"source": last, "target": first, "shuffle": {"type": "FORWARD"}})

    with pytest.raises(NoPlan, match="circle"):
        read_plan(plan)
