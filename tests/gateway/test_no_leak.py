"""Nobody outside `allow` reads a protected value in clear, whichever way a project goes."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings

from cdk_stream.workflow.compile import Compiled
from tests.gateway.drawing import plans
from tests.gateway.files import compile_files, made_of
from tests.gateway.plan import (
    ROW,
    TEXT,
    Called,
    Copy,
    Grant,
    Node,
    Plan,
    Reader,
    Rule,
)
from tests.gateway.rows import Secret, run, secrets, texts
from tests.gateway.world import Sight, World


class Leak(NamedTuple):
    """Who reads what, and how."""

    account: str
    secret: str
    value: str
    sight: Sight


def leaks(plan: Plan, found: Compiled, without: str = "") -> list[Leak]:
    """Every clear value that an account outside `allow` sees; `without` leaves an artefact out."""
    rows = run(plan)
    hidden = secrets(plan, rows)
    artifacts = [made for made in made_of(found) if made.name != without]
    world = World(plan, rows, artifacts, found.manifest.nodes)
    roles = {
        account: {name for name, role in plan.roles.items() if account in role["service_accounts"]}
        for account in _accounts(plan)
    }
    sights = [(account, sight) for account in roles for sight in world.sights(account)]
    sights += world.tables()
    return [
        Leak(account, secret.column, value, sight)
        for account, sight in sights
        for secret in hidden
        if _may_not(secret, account, roles, plan) and (value := secret.is_in(sight.text))
    ]


def _may_not(secret: Secret, account: str, roles: dict[str, set[str]], plan: Plan) -> bool:
    if account in roles:
        return secret.is_kept_from(roles[account])
    held = {name for name, role in plan.roles.items() if account in role["service_accounts"]}
    return secret.allowed.isdisjoint(held)


def _accounts(plan: Plan) -> set[str]:
    named = {name for role in plan.roles.values() for name in role["service_accounts"]}
    named |= {name for reader in plan.readers for name in reader.accounts}
    return {name for name in named if not name.startswith("cdk-")}


def starved(plan: Plan, found: Compiled) -> list[str]:
    """The columns that a job works on and cannot read in clear, in any of the ways left open."""
    rows = run(plan)
    nodes = found.manifest.nodes
    world = World(plan, rows, made_of(found), nodes)
    told = []
    for node in plan.nodes:
        if node.how in ("source", "sink") or nodes[f"model.{node.name}"]["backend"] != "flink":
            continue
        for origin, column in _reads(node):
            values = {text for row in rows[origin] for text in texts(row[column])}
            topic = nodes[f"{'source' if origin[0] == 's' else 'model'}.{origin}"]["topic"]
            for way in world.ways(f"cdk-p-{node.name}", topic):
                seen = " ".join(sight.text for sight in way).upper()
                told += [f"{node.name} < {origin}.{column}" for text in values if text not in seen]
    return told


def has_clash(found: Compiled) -> bool:
    """Whether nodes of one topic call different columns alike: the mask of one may hide both."""
    meant: dict[tuple[str, str], str] = {}
    return any(
        meant.setdefault((topic, name), str(column["origins"])) != str(column["origins"])
        for node in found.manifest.nodes.values()
        for topic in node.get("physical_topics", ())
        for name, column in node["columns"].items()
    )


def _reads(node: Node) -> set[tuple[str, str]]:
    if node.items is None:
        return {(node.inputs[0], column) for column in node.columns}
    found: set[tuple[str, str]] = set()
    for _, item in node.items:
        copies = [part for part in (item, *item) if isinstance(part, Copy)]
        branches = range(2) if node.how == "union" else [copy.input for copy in copies]
        found |= {
            (node.inputs[branch], copy.name.partition(".")[0])
            for copy in copies
            for branch in branches
        }
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_nobody_outside_allow_reads_a_protected_value(plan: Plan) -> None:
    found = compile_files(plan.files())
    assume(found.compilation.ok)
    assert leaks(plan, found) == []
    assert has_clash(found) or starved(plan, found) == []


COLUMNS = {"id": TEXT, "status": TEXT, "card": TEXT, "place": ROW}
CHAIN = Plan(
    nodes=(
        Node(
            "s0",
            "source",
            COLUMNS,
            topic="raw.v1",
            rules=(Rule(("card",)), Rule(("place",), "mask_last_n", ("ann",), 3)),
            grants=(Grant(("bob",), ("card",)),),
        ),
        Node("m0", "select", {}, ("s0",), (("id", Copy("id")), ("pan", Copy("card")))),
        Node("m1", "group", {}, ("m0",), (("id", Copy("id")), ("pan", Called("MAX", Copy("pan"))))),
        Node("m2", "select", {}, ("s0",), (("id", Copy("id")), ("city", Copy("place.city")))),
        Node("msink", "sink", {}, ("m1",)),
    ),
    readers=(Reader("r0", ("s0", "m0", "m1", "m2"), roles=("ann", "bob", "cat")),),
    roles={role: {"service_accounts": [f"app-{role}"]} for role in ("ann", "bob", "cat")},
)
MASKS = sorted(
    made.name
    for made in made_of(compile_files(CHAIN.files()))
    if made.kind == "interceptor" and made.spec["metadata"]["scope"].keys() != {"username"}
    if made.spec["spec"]["config"].get("topic") not in (None, "^$")
)


def test_the_chain_is_tight() -> None:
    assert leaks(CHAIN, compile_files(CHAIN.files())) == []
    assert len(MASKS) == 5, MASKS


@pytest.mark.parametrize("mask", MASKS)
def test_without_any_one_mask_the_chain_leaks(mask: str) -> None:
    assert leaks(CHAIN, compile_files(CHAIN.files()), without=mask)


def test_a_mask_that_stays_behind_is_seen() -> None:
    """The reading itself must notice what it is there for."""
    found = compile_files(replace(CHAIN, nodes=(_bare(CHAIN.nodes[0]), *CHAIN.nodes[1:])).files())
    seen = {(leak.account, leak.sight.what) for leak in leaks(CHAIN, found)}
    assert ("app-cat", "m1 on Kafka") in seen
    assert ("app-ann", "m2 on the Gateway") in seen
    assert ("cdk-p-msink", "the table of p.msink") in seen
    assert not [leak for leak in seen if leak[0] == "app-bob"]


def _bare(node: Node) -> Node:
    return replace(node, rules=(), grants=())
