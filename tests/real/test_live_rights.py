"""Rights on real brokers: given before taken, and never taken from another artefact."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from cdk_stream.plugin.kafka.admin import Admin, connect
from cdk_stream.plugin.kafka.rights import KafkaRights
from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.rights.acls import Acls
from cdk_stream.plugin.system import SystemFailed, Wanted
from cdk_stream.results.plan import Key
from cdk_stream_kafka.brokers.system import KafkaSystem
from cdk_stream_proxy.gateway.client import GatewayApi
from cdk_stream_proxy.gateway.rights import GatewayRights
from tests.real.topics import Topics
from tests.systems.artifacts import acl
from tests.systems.driver import Driver


@pytest.fixture
def project() -> str:
    return f"p{uuid.uuid4().hex[:8]}"


@pytest.fixture
def driver(kafka: Topics, project: str) -> Iterator[Driver]:
    made = KafkaSystem("main", project, Admin("the brokers", partial(connect, kafka.settings)))
    yield Driver(made)
    made.close()


def rights(kafka: Topics, account: str) -> set[str]:
    admin = Admin("the brokers", partial(connect, kafka.settings))
    return {one.field for one in KafkaRights(admin).look(f"User:{account}")}


def by_hand(kafka: Topics, account: str, topic: str) -> None:
    binding = AclBinding(
        ResourceType.TOPIC,
        topic,
        ResourcePatternType.LITERAL,
        f"User:{account}",
        "*",
        AclOperation.WRITE,
        AclPermissionType.ALLOW,
    )
    for done in kafka.admin.create_acls([binding]).values():
        done.result(10)


def test_rights_are_given_then_left_alone(driver: Driver, kafka: Topics, project: str) -> None:
    account = f"cdk-{project}-clean"
    name = f"{account}@model.clean"
    spec = acl(account, "READ TOPIC raw", "READ GROUP g", "WRITE TRANSACTIONAL_ID t-*")
    wanted = [driver.wanted("acl", name, spec)]
    assert driver.deploy(wanted)[name][0] == "create"
    assert rights(kafka, account) == {
        "TOPIC:LITERAL:raw:READ",
        "GROUP:LITERAL:g:READ",
        "TRANSACTIONAL_ID:PREFIXED:t-:WRITE",
    }
    assert driver.deploy(wanted) == {}


def test_rights_change_and_what_a_job_has_besides_goes(
    driver: Driver, kafka: Topics, project: str
) -> None:
    account = f"cdk-{project}-clean"
    name = f"{account}@model.clean"
    driver.deploy([driver.wanted("acl", name, acl(account, "READ TOPIC raw", "READ GROUP g"))])
    by_hand(kafka, account, "secrets")
    wanted = [driver.wanted("acl", name, acl(account, "READ TOPIC raw2", "READ GROUP g"))]
    found = driver.compare(wanted)[name]
    assert [(one.field, one.live, one.wanted) for one in found.differences] == [
        ("acls.TOPIC:LITERAL:raw2:READ", None, "ALLOW"),
        ("acls.TOPIC:LITERAL:raw:READ", "ALLOW", None),
        ("acls.TOPIC:LITERAL:secrets:WRITE", "ALLOW", None),
    ]
    driver.deploy(wanted)
    assert rights(kafka, account) == {"TOPIC:LITERAL:raw2:READ", "GROUP:LITERAL:g:READ"}
    driver.deploy([])
    assert rights(kafka, account) == set()


def test_an_application_keeps_what_it_has_from_elsewhere(
    driver: Driver, kafka: Topics, project: str
) -> None:
    account = f"app-{project}"
    name = f"{account}@exposure.app"
    by_hand(kafka, account, "theirs")
    driver.deploy([driver.wanted("acl", name, acl(account, "READ TOPIC a", "READ TOPIC b"))])
    driver.deploy([driver.wanted("acl", name, acl(account, "READ TOPIC a"))])
    assert rights(kafka, account) == {"TOPIC:LITERAL:theirs:WRITE", "TOPIC:LITERAL:a:READ"}
    driver.deploy([])
    assert rights(kafka, account) == {"TOPIC:LITERAL:theirs:WRITE"}


def test_a_right_that_two_ask_for_stays_until_nobody_does(
    driver: Driver, kafka: Topics, project: str
) -> None:
    account = f"app-{project}"
    one, other = f"{account}@exposure.one", f"{account}@exposure.other"
    both = [driver.wanted("acl", name, acl(account, "READ TOPIC a")) for name in (one, other)]
    driver.deploy(both)
    driver.deploy(both[1:])
    assert rights(kafka, account) == {"TOPIC:LITERAL:a:READ"}
    driver.deploy([])
    assert rights(kafka, account) == set()


def test_a_gateway_without_a_virtual_cluster_is_given_rights_by_the_protocol(
    kafka: Topics, project: str
) -> None:
    brokers = Admin("the Gateway", partial(connect, kafka.settings))
    with closing(Rest("the Gateway", "http://127.0.0.1:1")) as rest:
        rights_ = GatewayRights(GatewayApi(rest), "main", "passthrough", KafkaRights(brokers))
        acls = Acls(project, rights_)
        account = f"app-{project}"
        key = Key("gateway", "main", "gateway_acl", f"{account}@exposure.app")
        wanted = Wanted(key, "exposure.app", acl(account, "READ TOPIC view"), "")
        assert acls.observe([wanted], []) == {}
        live = acls.apply(key, wanted, None).live
        assert live is not None
        assert acls.compare(wanted, live).action == "nothing"
        assert rights(kafka, account) == {"TOPIC:LITERAL:view:READ"}
        acls.apply(key, None, live)
        assert rights(kafka, account) == set()


def test_whoever_may_not_ask_is_told(kafka: Topics, project: str) -> None:
    nobody = kafka.log_in("nobody", "wrong")
    system = KafkaSystem("main", project, Admin("the brokers", partial(connect, nobody.settings)))
    driver = Driver(system)
    with pytest.raises(SystemFailed, match=r"cannot be reached: .*[Aa]uthentication") as told:
        driver.compare([driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC a"))])
    assert "wrong" not in str(told.value)
