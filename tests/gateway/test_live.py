"""The Gateway as a live system: protections first, exact scopes, and asked afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.rights.acls import Acls
from cdk_stream.plugin.system import SystemFailed, Wanted
from cdk_stream.results.plan import Step
from cdk_stream_proxy.gateway.client import GatewayApi
from cdk_stream_proxy.gateway.rights import GatewayRights
from cdk_stream_proxy.gateway.system import GatewaySystem
from tests.gateway.double.double import Double
from tests.gateway.double.server import Fault, Serving, serve
from tests.systems.artifacts import acl
from tests.systems.driver import Driver, Kept

HOME = "eu"
Body = dict[str, Any]


@pytest.fixture
def system(server: Serving, double: Double, api: httpx.Client) -> Iterator[GatewaySystem]:
    """A Gateway with one virtual cluster and two accounts, and nothing of the project."""
    made = {"aclEnabled": True, "aclMode": "REST_API", "superUsers": ["admin"]}
    _put(api, "virtual-cluster", "VirtualCluster", {"name": HOME}, made)
    for account in ("ann", "bob"):
        metadata = {"name": account, "vCluster": HOME}
        _put(api, "service-account", "GatewayServiceAccount", metadata, {"type": "LOCAL"})
    double.exchanges.clear()
    with connect(server) as connected:
        yield connected


@contextmanager
def connect(server: Serving, timeout: float = 5) -> Iterator[GatewaySystem]:
    url = server.url.replace("://", "://admin:conduktor@")
    rest = Rest("the Gateway", url, timeout=timeout, pause=lambda _: None)
    gateway = GatewayApi(rest)
    rights = GatewayRights(gateway, "main", HOME, None)
    try:
        yield GatewaySystem("main", "shop", HOME, gateway, Acls("shop", rights))
    finally:
        gateway.close()


@pytest.fixture
def driver(system: GatewaySystem) -> Driver:
    return Driver(system)


def _put(api: httpx.Client, path: str, kind: str, metadata: Body, spec: Body) -> None:
    body = {"kind": kind, "apiVersion": "gateway/v2", "metadata": metadata, "spec": spec}
    assert api.put(path, json=body).status_code == 200


def group(*members: str) -> Body:
    return {
        "kind": "GatewayGroup",
        "apiVersion": "gateway/v2",
        "metadata": {"name": "support"},
        "spec": {
            "members": [{"vCluster": HOME, "name": name} for name in members],
            "externalGroups": [],
        },
    }


def body(purpose: str, plugin: str, priority: int, config: Body, **scope: str) -> Body:
    return {
        "kind": "Interceptor",
        "apiVersion": "gateway/v2",
        "metadata": {"name": f"cdk.shop.orders.{purpose}", "scope": {"vCluster": HOME, **scope}},
        "spec": {
            "comment": "cdk-stream project=shop node=model.orders",
            "priority": priority,
            "pluginClass": f"io.conduktor.gateway.interceptor.{plugin}",
            "config": config,
        },
    }


def mask(topic: str = "^(?:orders|raw)$", rule: str = "MASK_ALL", **scope: str) -> Body:
    policy = {"name": "card", "fields": ["card"], "rule": {"type": rule}}
    if rule != "MASK_ALL":
        policy["rule"] = {"type": rule, "maskingChar": "*", "numberOfChars": 4}
    config = {"topic": topic, "errorPolicy": "fail_fetch", "policies": [policy]}
    return body("mask", "FieldLevelDataMaskingPlugin", 700, config, **scope)


def view(statement: str = 'SELECT * FROM "raw"') -> Body:
    config = {"virtualTopic": "orders", "statement": statement}
    return body("view", "VirtualSqlTopicPlugin", 500, config)


def wanted(driver: Driver, *bodies: Body) -> list[Wanted]:
    """The artefacts of bodies, in the order given."""
    found = []
    for one in bodies:
        name = one["metadata"]["name"]
        scope = one["metadata"].get("scope", {})
        narrow = scope.get("group") or scope.get("username")
        kind = "interceptor" if one["kind"] == "Interceptor" else "group"
        found.append(driver.wanted(kind, f"{name}@{narrow}" if narrow else name, one))
    return found


def writes(double: Double) -> list[tuple[str, str]]:
    """Method and name of all that was written since the last look."""
    told = [
        (one.method, str((one.body or {}).get("metadata", {}).get("name", one.path)))
        for one in double.exchanges
        if one.method in ("PUT", "DELETE")
    ]
    double.exchanges.clear()
    return told


def reads(double: Double) -> list[str]:
    return [one.path.rpartition("/v2/")[2] for one in double.exchanges if one.method == "GET"]


ALLOWED = mask("^$", group="support")
EVERYTHING = (group("ann"), view(), mask(), ALLOWED)


def test_all_is_made_then_left_alone(driver: Driver, double: Double) -> None:
    done = driver.deploy(wanted(driver, *EVERYTHING))
    assert {name: action for name, (action, _) in done.items()} == {
        "support": "create",
        "cdk.shop.orders.view": "create",
        "cdk.shop.orders.mask": "create",
        "cdk.shop.orders.mask@support": "create",
    }
    writes(double)
    assert driver.deploy(wanted(driver, *EVERYTHING)) == {}
    assert reads(double) == ["interceptor", "group"]
    assert writes(double) == []


def test_what_hides_is_made_before_what_shows_whatever_the_order(
    driver: Driver, double: Double
) -> None:
    done = driver.deploy(wanted(driver, group("ann"), view(), ALLOWED, mask()))
    names = [name for _, name in writes(double)]
    assert names.index("cdk.shop.orders.mask") < names.index("cdk.shop.orders.view")
    assert [outcome.changed for _, outcome in done.values()] == [True, True, True, False]


def test_another_mask_is_made_before_the_old_one_goes(driver: Driver, double: Double) -> None:
    driver.deploy(wanted(driver, mask()))
    (old,) = driver.recorded
    new = mask(group="support")
    new["metadata"]["name"] = "cdk.shop.orders.mask-support"
    live = driver.system.observe(wanted(driver, group("ann"), new), dict(driver.recorded))
    writes(double)
    driver.system.apply(Step(old, "delete", "", "gone"), None, live[old], Kept())
    assert writes(double) == [
        ("PUT", "support"),
        ("PUT", "cdk.shop.orders.mask-support"),
        ("DELETE", "/gateway/v2/interceptor/cdk.shop.orders.mask"),
    ]


def test_an_override_of_ours_that_is_about_to_go_does_not_hinder(
    driver: Driver, double: Double
) -> None:
    driver.deploy(wanted(driver, mask(), mask("^$", username="ann")))
    double.exchanges.clear()
    done = driver.deploy(wanted(driver, mask("^orders$")))
    assert [action for action, _ in done.values()] == ["update", "delete"]
    asked = [one.body for one in double.exchanges if one.path.endswith("/resolve")]
    assert asked[-1] == {"vCluster": HOME}


def test_what_shows_goes_before_what_hides(driver: Driver, double: Double) -> None:
    driver.deploy(wanted(driver, *EVERYTHING))
    writes(double)
    driver.deploy([])
    names = [name.rpartition("/")[2] for method, name in writes(double) if method == "DELETE"]
    assert names.index("cdk.shop.orders.view") < names.index("cdk.shop.orders.mask")
    assert double.interceptors() == []


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        (view('SELECT id FROM "raw"'), ["config.statement"]),
        ({**view(), "spec": {**view()["spec"], "priority": 501}}, ["priority"]),
        (group("ann", "bob"), ["members"]),
        (mask(rule="MASK_FIRST_N"), ["config.policies"]),
    ],
)
def test_every_field_can_be_changed(driver: Driver, changed: Body, fields: list[str]) -> None:
    driver.deploy(wanted(driver, *EVERYTHING))
    same = (changed["kind"], changed["metadata"])
    after = [changed if (one["kind"], one["metadata"]) == same else one for one in EVERYTHING]
    found = driver.compare(wanted(driver, *after))
    (updated,) = (one for one in found.values() if one.action == "update")
    assert [one.field for one in updated.differences] == fields
    assert len(driver.deploy(wanted(driver, *after))) == 1
    assert driver.deploy(wanted(driver, *after)) == {}


def test_a_weaker_mask_is_a_danger(driver: Driver) -> None:
    driver.deploy(wanted(driver, mask()))
    weaker = driver.compare(wanted(driver, mask(rule="MASK_FIRST_N")))
    ((danger, why),) = weaker["cdk.shop.orders.mask"].dangers
    assert (danger, "card (MASK_ALL" in why) == ("exposure", True)
    fewer = driver.compare(wanted(driver, mask("^(?:orders)$")))["cdk.shop.orders.mask"]
    assert [danger for danger, _ in fewer.dangers] == ["exposure"]


def test_what_the_gateway_fills_in_is_no_difference(driver: Driver, api: httpx.Client) -> None:
    driver.deploy(wanted(driver, mask(rule="MASK_LAST_N")))
    filled = mask(rule="MASK_LAST_N")
    filled["spec"]["config"] = {**filled["spec"]["config"], "schemaRegistryConfig": None}
    filled["spec"]["config"]["policies"][0]["rule"].pop("maskingChar")
    filled["metadata"]["scope"] = {"vCluster": HOME}
    filled["spec"]["config"].pop("schemaRegistryConfig")
    assert api.put("interceptor", json=filled).status_code == 200
    assert driver.actions(wanted(driver, mask(rule="MASK_LAST_N"))) == {}


def test_a_change_by_hand_is_seen_and_put_back(driver: Driver, api: httpx.Client) -> None:
    driver.deploy(wanted(driver, *EVERYTHING))
    assert api.put("interceptor", json=mask("^nothing$")).status_code == 200
    assert driver.actions(wanted(driver, *EVERYTHING)) == {"cdk.shop.orders.mask": "update"}
    gone = api.request("DELETE", "interceptor/cdk.shop.orders.mask", json={"vCluster": HOME})
    assert gone.status_code == 204
    assert driver.actions(wanted(driver, *EVERYTHING)) == {"cdk.shop.orders.mask": "create"}
    driver.deploy(wanted(driver, *EVERYTHING))
    assert driver.actions(wanted(driver, *EVERYTHING)) == {}


def test_an_orphan_with_our_mark_goes_and_one_without_stays(
    driver: Driver, api: httpx.Client, double: Double
) -> None:
    ours = mask()
    ours["metadata"]["name"] = "cdk.shop.gone.mask"
    theirs = mask()
    theirs["metadata"]["name"] = "cdk.shop.theirs.mask"
    theirs["spec"]["comment"] = "made by hand"
    others = mask()
    others["metadata"]["name"] = "cdk.shop.of_others.mask"
    others["spec"]["comment"] = "cdk-stream project=shop2 node=model.x"
    for one in (ours, theirs, others):
        assert api.put("interceptor", json=one).status_code == 200
    assert set(driver.deploy([])) == {"cdk.shop.gone.mask"}
    assert {one["metadata"]["name"] for one in double.interceptors()} == {
        "cdk.shop.theirs.mask",
        "cdk.shop.of_others.mask",
    }


def test_a_delete_names_exactly_its_scope(driver: Driver, double: Double) -> None:
    driver.deploy(wanted(driver, *EVERYTHING))
    kept = [one for one in EVERYTHING if one is not ALLOWED]
    driver.deploy(wanted(driver, *kept))
    scopes = [one["metadata"]["scope"] for one in double.interceptors()]
    assert {"vCluster": HOME, "group": "support"} not in scopes
    assert scopes.count({"vCluster": HOME}) == 2


def test_an_override_by_hand_that_shows_more_fails_the_deploy(
    driver: Driver, api: httpx.Client
) -> None:
    driver.deploy(wanted(driver, *EVERYTHING))
    lift = mask("^$", username="bob")
    lift["spec"]["comment"] = "just for bob"
    assert api.put("interceptor", json=lift).status_code == 200
    found = driver.compare(wanted(driver, *EVERYTHING))["cdk.shop.orders.mask"]
    assert "'cdk.shop.orders.mask@bob' overrides it" in found.why
    assert [danger for danger, _ in found.dangers] == ["exposure"]


def test_what_the_gateway_resolves_otherwise_is_no_success(
    driver: Driver, api: httpx.Client
) -> None:
    lift = mask("^$", group="support")
    lift["spec"]["comment"] = "by hand"
    _put(api, "group", "GatewayGroup", {"name": "support"}, {"members": []})
    assert api.put("interceptor", json=lift).status_code == 200
    quiet = view()
    quiet["metadata"]["scope"] = {"vCluster": HOME, "group": "support"}
    with pytest.raises(
        SystemFailed,
        match=r"mask@support' overrides 'cdk.shop.orders.mask', and is not of this project",
    ):
        driver.deploy(wanted(driver, mask(), quiet))


def test_a_body_that_would_let_data_out_is_not_sent(driver: Driver, double: Double) -> None:
    open_ = mask()
    open_["spec"]["config"]["errorPolicy"] = "skip_masking"
    with pytest.raises(SystemFailed, match=r"may not be sent: .*fail_fetch"):
        driver.deploy(wanted(driver, open_))
    assert writes(double) == []


def test_rights_of_a_virtual_cluster_are_given_and_taken_one_by_one(
    driver: Driver, double: Double
) -> None:
    def both(*second: str) -> list[Wanted]:
        first = driver.wanted("gateway_acl", "ann@exposure.a", acl("ann", "READ TOPIC orders"))
        more = driver.wanted("gateway_acl", "bob@exposure.b", acl("bob", *second))
        return [first, more]

    def given() -> set[str]:
        held = double.stored["VirtualCluster"][(HOME,)]["spec"]
        assert (held["superUsers"], held["aclMode"]) == (["admin"], "REST_API")
        return {
            f"{one['principal']} {one['operation']} {one['resourcePattern']['name']}"
            for one in held["acls"]
        }

    driver.deploy(both("READ TOPIC orders", "READ GROUP b"))
    assert given() == {"User:ann READ orders", "User:bob READ orders", "User:bob READ b"}
    writes(double)
    assert driver.deploy(both("READ TOPIC orders", "READ GROUP b")) == {}
    assert writes(double) == []
    driver.deploy(both("READ TOPIC orders"))
    assert given() == {"User:ann READ orders", "User:bob READ orders"}
    driver.deploy([])
    assert given() == set()


def test_a_virtual_cluster_that_checks_no_rights_is_refused(
    driver: Driver, api: httpx.Client
) -> None:
    spec = {"aclEnabled": False, "aclMode": "REST_API"}
    _put(api, "virtual-cluster", "VirtualCluster", {"name": HOME}, spec)
    with pytest.raises(SystemFailed, match="checks no rights"):
        driver.compare([driver.wanted("gateway_acl", "a@e", acl("ann", "READ TOPIC x"))])


def test_the_number_of_requests_does_not_grow(driver: Driver, double: Double) -> None:
    many = []
    for number in range(50):
        one = mask(f"^t{number}$")
        one["metadata"]["name"] = f"cdk.shop.m{number}.mask"
        many.append(one)
    driver.compare(wanted(driver, mask()))
    few = len(double.exchanges)
    double.exchanges.clear()
    driver.compare(wanted(driver, *many))
    assert len(double.exchanges) <= few


@pytest.mark.parametrize("effect", ["error", "refuse", "lose", "slow"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_one_fault_is_got_over_without_a_lie(
    effect: Any, method: str, server: Serving, double: Double, system: GatewaySystem
) -> None:
    with connect(server, timeout=0.3) as hasty:
        driver = Driver(hasty)
        server.faults.append(Fault(effect, method, seconds=0.5))
        driver.deploy(wanted(driver, *EVERYTHING))
        assert len(double.interceptors()) == 3
        driver.deploy([])
    assert double.interceptors() == []


@pytest.mark.parametrize("effect", ["error", "refuse", "lose"])
def test_a_gateway_that_stays_broken_is_never_done(
    effect: Any, server: Serving, driver: Driver
) -> None:
    server.faults.append(Fault(effect, "PUT", times=1_000_000))
    with pytest.raises(SystemFailed) as told:
        driver.deploy(wanted(driver, group("ann")) if effect != "lose" else [_lost(driver)])
    assert "conduktor@" not in str(told.value)
    assert 1_000_000 - server.faults[0].times <= 12


def _lost(driver: Driver) -> Wanted:
    """A group that the Gateway never takes, so that no look can find it."""
    return wanted(driver, group("nobody"))[0]


def test_a_gateway_without_the_plugin_is_refused_before_anything_is_written(
    contract: Any,
) -> None:
    old = Double(without=("VirtualSqlTopicPlugin",))
    with serve(old) as serving, connect(serving) as system:
        driver = Driver(system)
        with pytest.raises(SystemFailed, match=r"has no plugin '.*VirtualSqlTopicPlugin'"):
            driver.deploy(wanted(driver, view()))
    assert writes(old) == []
