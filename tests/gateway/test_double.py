"""The double answers as the vendor's description and documentation say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.gateway.double.double import Double
from tests.gateway.double.server import Fault, Serving, serve

Body = dict[str, Any]
Make = Callable[..., Body]


def cluster(name: str, **spec: Any) -> Body:
    return _body("VirtualCluster", {"name": name}, spec)


def account(name: str, home: str | None = None, **spec: Any) -> Body:
    metadata = {"name": name} | ({"vCluster": home} if home else {})
    return _body("GatewayServiceAccount", metadata, {"type": "LOCAL"} | spec)


def group(name: str, *members: str, **spec: Any) -> Body:
    return _body("GatewayGroup", {"name": name}, {"members": [{"name": m} for m in members]} | spec)


def alias(name: str, physical: str, **spec: Any) -> Body:
    return _body("AliasTopic", {"name": name}, {"physicalName": physical} | spec)


def _body(kind: str, metadata: Body, spec: Body) -> Body:
    return {"kind": kind, "apiVersion": "gateway/v2", "metadata": metadata, "spec": spec}


PATHS = {
    "VirtualCluster": "virtual-cluster",
    "GatewayServiceAccount": "service-account",
    "GatewayGroup": "group",
    "AliasTopic": "alias-topic",
    "Interceptor": "interceptor",
}


def put(api: httpx.Client, body: Body, **query: str) -> httpx.Response:
    return api.put(PATHS[body["kind"]], json=body, params=query)


def result(reply: httpx.Response) -> str:
    assert reply.status_code == 200, reply.text
    return str(reply.json()["upsertResult"])


@pytest.mark.parametrize("auth", [None, ("admin", "wrong"), ("other", "conduktor")])
def test_who_has_no_password_gets_nothing(server: Serving, auth: Any) -> None:
    assert httpx.get(f"{server.url}/gateway/v2/plugin", auth=auth).status_code == 401
    assert httpx.get(f"{server.url}/health").status_code == 200


def test_a_resource_is_created_then_kept_then_updated(api: httpx.Client, interceptor: Make) -> None:
    assert result(put(api, interceptor())) == "CREATED"
    assert result(put(api, interceptor())) == "NOT_CHANGED"
    assert result(put(api, interceptor(topic="^u$"))) == "UPDATED"
    assert len(api.get("interceptor").json()) == 1


def test_a_dry_run_says_what_would_be_and_keeps_nothing(
    api: httpx.Client, interceptor: Make
) -> None:
    assert result(put(api, interceptor(), dryMode="true")) == "CREATED"
    assert api.get("interceptor").json() == []
    put(api, interceptor())
    assert result(put(api, interceptor(priority=2), dryMode="true")) == "UPDATED"
    assert api.get("interceptor").json()[0]["spec"]["priority"] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, {}),
        (None, {"vCluster": "passthrough"}),
        ({"group": "g"}, {"vCluster": "passthrough", "group": "g"}),
        ({"vCluster": None}, {"vCluster": None, "group": None, "username": None}),
    ],
)
def test_scopes_that_mean_the_same_are_the_same_resource(
    api: httpx.Client, interceptor: Make, one: Any, other: Any
) -> None:
    put(api, group("g"))
    put(api, interceptor(scope=one))
    assert result(put(api, interceptor(scope=other))) == "NOT_CHANGED"


def test_a_name_in_two_scopes_is_two_resources(api: httpx.Client, interceptor: Make) -> None:
    put(api, interceptor(scope=None))
    assert result(put(api, interceptor(scope={"vCluster": None}))) == "CREATED"
    assert result(put(api, interceptor(scope={"username": "ann"}))) == "CREATED"
    gone = api.request("DELETE", "interceptor/x", json={"username": "ann"})
    assert gone.status_code == 204
    assert [body["metadata"]["scope"] for body in api.get("interceptor").json()] == [
        {"vCluster": "passthrough"},
        {"vCluster": None, "group": None, "username": None},
    ]
    assert len(api.get("interceptor", params={"global": "true"}).json()) == 1


def test_what_a_get_gives_can_be_put(api: httpx.Client, interceptor: Make) -> None:
    bodies = [
        cluster("eu", aclEnabled=True, aclMode="REST_API"),
        account("ann"),
        account("bob", "eu", type="External", externalNames=["b@x"]),
        group("g", "ann", externalGroups=["idp"]),
        alias("a", "physical"),
        interceptor(scope={"group": "g"}),
    ]
    for body in bodies:
        assert result(put(api, body)) == "CREATED"
        for kept in api.get(PATHS[body["kind"]]).json():
            assert result(put(api, kept)) == "NOT_CHANGED"


def test_defaults_are_shown_when_asked(api: httpx.Client) -> None:
    put(api, alias("a", "physical"))
    assert api.get("alias-topic").json()[0]["spec"] == {"physicalName": "physical"}
    shown = api.get("alias-topic", params={"showDefaults": "true"}).json()[0]
    assert shown["spec"] == {"physicalName": "physical", "physicalCluster": "main"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (account("ann", "nowhere"), 404),
        (group("g", "nobody"), 404),
        (_body("AliasTopic", {"name": "a", "vCluster": "no"}, {"physicalName": "p"}), 404),
        (alias("a", "p", physicalCluster="other"), 409),
        (cluster("passthrough"), 400),
        (account("bob", type="EXTERNAL", externalNames=["taken"]), 409),
        (account("eve", type="LOCAL"), 409),
        (alias("b", "there"), 400),
        (cluster("e"), 409),
        (cluster("eu", aclMode="REST_API"), 400),
    ],
)
def test_what_hangs_or_is_taken_is_refused(api: httpx.Client, body: Body, status: int) -> None:
    put(api, cluster("eu"))
    put(api, account("eve", type="EXTERNAL", externalNames=["taken"]))
    put(api, alias("there", "p"))
    reply = put(api, body)
    assert reply.status_code == status
    assert reply.json()["title"]


@pytest.mark.parametrize("scope", [{"vCluster": "nowhere"}, {"group": "nobody"}])
def test_a_scope_must_be_there(api: httpx.Client, interceptor: Make, scope: Body) -> None:
    assert put(api, interceptor(scope=scope)).status_code == 404


def test_what_others_stand_on_is_not_deleted(api: httpx.Client, interceptor: Make) -> None:
    put(api, cluster("eu"))
    put(api, account("ann"))
    put(api, group("g", "ann"))
    put(api, interceptor(scope={"vCluster": "eu", "group": "g"}))
    ann = {"name": "ann"}
    assert api.delete("virtual-cluster/eu").status_code == 409
    assert api.request("DELETE", "service-account", json=ann).status_code == 409
    assert api.delete("group/g").status_code == 409
    api.request("DELETE", "interceptor/x", json={"vCluster": "eu", "group": "g"})
    assert api.delete("group/g").status_code == 204
    assert api.request("DELETE", "service-account", json=ann).status_code == 204
    assert api.delete("virtual-cluster/eu").status_code == 204


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("virtual-cluster/eu", None),
        ("group/g", None),
        ("interceptor/x", {"vCluster": "passthrough"}),
        ("service-account", {"name": "ann"}),
        ("alias-topic", {"name": "a"}),
    ],
)
def test_what_is_not_there_cannot_be_deleted(api: httpx.Client, path: str, body: Any) -> None:
    assert api.request("DELETE", path, json=body).status_code == 404


def test_an_interceptor_is_deleted_with_the_scope_in_the_body(
    api: httpx.Client, interceptor: Make
) -> None:
    put(api, interceptor())
    assert api.delete("interceptor/x").status_code == 400


@pytest.mark.parametrize(
    ("query", "status"), [({"dryMode": "maybe"}, 400), ({"dryRun": "true"}, 400), ({}, 200)]
)
def test_query_parameters_are_held_to_the_contract(
    api: httpx.Client, interceptor: Make, query: dict[str, str], status: int
) -> None:
    assert put(api, interceptor(), **query).status_code == status


def test_the_narrowest_scope_of_a_name_applies(api: httpx.Client, interceptor: Make) -> None:
    put(api, cluster("eu"))
    put(api, group("g"))
    scopes: list[Any] = [
        {"vCluster": None},
        {"vCluster": "eu"},
        {"vCluster": "eu", "group": "g"},
        {"vCluster": "eu", "username": "ann"},
    ]
    for priority, scope in enumerate(scopes, 1):
        put(api, interceptor(scope=scope, priority=priority))
    asked: list[tuple[Body, int]] = [
        ({"vCluster": "us"}, 1),
        ({"vCluster": "eu"}, 2),
        ({"vCluster": "eu", "groups": ["g"]}, 3),
        ({"vCluster": "eu", "groups": ["g"], "username": "ann"}, 4),
        ({"vCluster": "us", "groups": ["g"], "username": "ann"}, 1),
    ]
    for principal, priority in asked:
        (found,) = api.post("interceptor/resolve", json=principal).json()
        assert found["spec"]["priority"] == priority


def test_different_names_are_chained_by_priority(api: httpx.Client, interceptor: Make) -> None:
    for name, priority in (("a", 30), ("b", 10), ("c", 20)):
        put(api, interceptor(name, priority=priority))
    found = api.post("interceptor/resolve", json={}).json()
    assert [body["metadata"]["name"] for body in found] == ["b", "c", "a"]


def test_a_scope_left_out_spares_virtual_clusters(api: httpx.Client, interceptor: Make) -> None:
    put(api, cluster("eu"))
    put(api, interceptor("here"))
    put(api, interceptor("everywhere", {"vCluster": None, "group": None, "username": None}))
    found = api.post("interceptor/resolve", json={"vCluster": "eu"}).json()
    assert [body["metadata"]["name"] for body in found] == ["everywhere"]


def test_a_local_account_gets_a_token(api: httpx.Client, double: Double) -> None:
    put(api, account("ann"))
    put(api, account("bob", type="EXTERNAL", externalNames=["b"]))
    asked = {"username": "ann", "lifeTimeSeconds": 60}
    token = api.post("token", json=asked).json()["token"]
    assert double.log_in("ann", token) == double.principal("ann")
    assert double.log_in("ann", "guess") is None
    assert api.post("token", json=asked | {"username": "bob"}).status_code == 409
    assert api.post("token", json=asked | {"username": "eve"}).status_code == 404


def test_a_gateway_may_lack_a_plugin_and_spell_results_otherwise(
    double: Double, interceptor: Make
) -> None:
    other = Double(casing="camel", without=("CelTopicPlugin", "VirtualSqlTopicPlugin"))
    with serve(other) as serving:
        client = httpx.Client(base_url=f"{serving.url}/gateway/v2", auth=("admin", "conduktor"))
        with client:
            assert result(put(client, interceptor())) == "Created"
            assert result(put(client, interceptor())) == "NotChanged"
            names = [
                plugin["pluginId"].rpartition(".")[2] for plugin in client.get("plugin").json()
            ]
    assert "FieldLevelDataMaskingPlugin" in names
    assert "VirtualSqlTopicPlugin" not in names
    assert other.violations == []


def test_the_server_fails_as_servers_do(
    server: Serving, api: httpx.Client, interceptor: Make
) -> None:
    server.faults += [Fault("error", "PUT"), Fault("refuse", "PUT"), Fault("lose", "PUT")]
    assert put(api, interceptor()).status_code == 500
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            put(api, interceptor())
    assert result(put(api, interceptor())) == "NOT_CHANGED"
    server.faults.append(Fault("slow", path="plugin", seconds=0.3))
    with pytest.raises(httpx.ReadTimeout):
        api.get("plugin", timeout=0.1)
