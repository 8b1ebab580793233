"""What consumers see of protected topics, with real clients over the real protocol."""

from __future__ import annotations

import json
import socket
import struct

import pytest
from confluent_kafka import KafkaException

from tests.gateway.seen.project import Seen
from tests.gateway.seen.stand import Denied, Stand
from tests.real.topics import Topics


def test_every_account_sees_what_it_may_and_nothing_else(seen: Seen) -> None:
    told = {}
    for topic, readers in seen.expected["seen"].items():
        for account in readers:
            told[topic, account] = _read(seen, topic, account)
    expected = {
        (topic, account): rows
        for topic, readers in seen.expected["seen"].items()
        for account, rows in readers.items()
    }
    assert told == expected


def _read(seen: Seen, topic: str, account: str) -> object:
    try:
        values = seen.client(account).read(topic, seen.consumer_group(account))
    except Denied:
        return "denied"
    return [json.loads(value) for value in values]


def test_a_second_deployment_changes_nothing(seen: Seen) -> None:
    assert seen.deploy_again() <= {"NOTCHANGED"}


def test_the_gateway_says_itself_what_applies(seen: Seen) -> None:
    """The accounts that no mask is for are those that the API lists none for."""
    for topic, readers in seen.expected["seen"].items():
        for account, rows in readers.items():
            asked = {
                "vCluster": seen.cluster,
                "groups": seen.groups_of(account),
                "username": account,
            }
            applied = seen.stand.api.post("interceptor/resolve", json=asked).json()
            masks = [
                body
                for body in applied
                if "Masking" in body["spec"]["pluginClass"] and topic in _topics(body)
            ]
            assert bool(masks) is ("*" in json.dumps(rows)) or rows == "denied"


def _topics(body: dict[str, dict[str, dict[str, str]]]) -> str:
    return body["spec"]["config"]["topic"].replace("\\", "")


def test_nobody_writes_a_view(seen: Seen) -> None:
    views = set(seen.expected["seen"]) - set(seen.expected["written"])
    for view in views:
        with pytest.raises(Denied):
            seen.client("seen-admin").write(view, [b"{}"])


def test_an_account_is_told_of_its_own_topics_only(seen: Seen) -> None:
    for account in seen.accounts:
        may = {topic for topic, readers in seen.expected["seen"].items() if account in readers}
        denied = {topic for topic in may if seen.expected["seen"][topic][account] == "denied"}
        told = seen.client(account).topics()
        assert may - denied <= told
        assert not (denied - {*seen.expected.get("written_by", {})}) & told


def test_a_wrong_password_opens_nothing(seen: Seen) -> None:
    client = seen.stand.client(seen.accounts[0], "guessed")
    with pytest.raises(KafkaException):
        client.topics()


def test_what_is_encrypted_lies_encrypted(seen: Seen) -> None:
    if not seen.stand.broker:
        pytest.skip("the broker behind a real Gateway is not ours to read")
    broker = Topics({"bootstrap_servers": seen.stand.broker})
    for topic in seen.expected["written"]:
        rows = broker.read(seen.cluster + topic, len(seen.expected["written"][topic]))
        text = json.dumps(rows)
        assert len(rows) == len(seen.expected["written"][topic])
        assert [
            secret for secret in seen.expected.get("stored_without", ()) if secret in text
        ] == []


@pytest.mark.parametrize(
    ("api_key", "version"), [(1, 12), (1, 4), (3, 9), (60, 0), (32, 1), (0, 9), (24, 0)]
)
def test_what_the_reference_does_not_know_ends_the_connection(
    stand: Stand, api_key: int, version: int
) -> None:
    if not stand.broker:
        pytest.skip("for the reference only")
    host, _, port = stand.bootstrap.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as client:
        request = struct.pack(">hhih", api_key, version, 1, -1)
        client.sendall(struct.pack(">i", len(request)) + request)
        assert client.recv(100) == b""
