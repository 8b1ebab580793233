"""One client: who it is, and what each of its requests becomes on the broker and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.gateway.double.resolve import PASSTHROUGH, Principal
from tests.gateway.reference import values
from tests.gateway.reference.chain import Chain, Refused
from tests.gateway.reference.gateway import Gateway
from tests.gateway.reference.wire import apis
from tests.gateway.reference.wire.connection import Broker, Closed
from tests.gateway.reference.wire.types import BadBytes, Fields

_INVALID_TOPIC, _TOPIC_DENIED, _GROUP_DENIED, _CLUSTER_DENIED = 17, 29, 30, 31
_BAD_MECHANISM, _POLICY, _NO_TRANSACTIONS, _BAD_LOGIN = 33, 44, 53, 58
_DENIED_TOPIC = {"is_internal": False, "partitions": [], "authorized_operations": -(2**31)}


class Address(NamedTuple):
    """Where clients find the proxy."""

    host: str
    port: int


class Session:
    """Answers the requests of one connection, one after the other."""

    def __init__(self, gateway: Gateway, broker: Broker, address: Address) -> None:
        self._gateway = gateway
        self._broker = broker
        self._address = address
        self._principal: Principal | None = None

    def answer(self, api: apis.Api, body: Fields) -> Fields:
        """The reply; raises `Closed` for a client that may not ask."""
        if api.key in _BEFORE_LOGIN:
            return _BEFORE_LOGIN[api.key](self, body)
        if self._principal is None:
            raise Closed("not logged in")
        return _AFTER_LOGIN[api.key](self, api, body)

    # Before the login.

    def _versions(self, body: Fields) -> Fields:
        """The lowest versions are not spoken; clients take the highest that both know.

        librdkafka looks for old ones before it believes that a broker has groups at all.
        """
        told = [{"key": api.key, "lowest": 0, "highest": api.version} for api in apis.APIS.values()]
        return {"error": 0, "apis": told}

    def _handshake(self, body: Fields) -> Fields:
        known = body["mechanism"] == "PLAIN"
        return {"error": 0 if known else _BAD_MECHANISM, "mechanisms": ["PLAIN"]}

    def _authenticate(self, body: Fields) -> Fields:
        _, account, password = body["data"].decode().split("\0")
        self._principal = self._gateway.log_in(account, password)
        reply = {"error": 0, "message": None, "data": b"", "lifetime_ms": 0}
        if self._principal is None:
            return reply | {"error": _BAD_LOGIN, "message": "wrong account or password"}
        return reply

    # After it.

    def _metadata(self, api: apis.Api, body: Fields) -> Fields:
        chain = self._chain()
        asked = body["topics"]
        wanted = asked and sorted({self._physical(chain, name) for name in asked})
        reply = self._broker.ask(api, body | {"topics": wanted, "allow_auto_topic_creation": False})
        if len(reply["brokers"]) != 1:
            raise Closed("the proxy stands before one broker only")
        found = {topic["name"]: topic for topic in reply["topics"]}
        if asked is None:
            prefix = self._prefix()
            asked = [name.removeprefix(prefix) for name in found if name.startswith(prefix)]
            asked = [name for name in {*asked, *chain.views} if self._may("DESCRIBE", name)]
        told = [self._described(chain, name, found) for name in sorted(asked)]
        brokers = [{**reply["brokers"][0], "host": self._address.host, "port": self._address.port}]
        return reply | {"topics": told, "brokers": brokers}

    def _described(self, chain: Chain, name: str, found: dict[str, Fields]) -> Fields:
        if not self._may("DESCRIBE", name):
            return {"error": _TOPIC_DENIED, "name": name, **_DENIED_TOPIC}
        return {**found[self._physical(chain, name)], "name": name}

    def _produce(self, api: apis.Api, body: Fields) -> Fields:
        if body["acks"] == 0 or body["transactional_id"] is not None:
            raise Closed("writes without an answer, and transactions, are not known")
        chain = self._chain()

        def store(name: str, partition: Fields) -> Fields:
            records = values.written(chain, name, partition["records"])
            return {**partition, "records": records}

        return self._topics(api, body, chain, "WRITE", _PRODUCED, before=store)

    def _fetch(self, api: apis.Api, body: Fields) -> Fields:
        chain = self._chain()

        def show(name: str, partition: Fields) -> Fields:
            try:
                return {**partition, "records": values.read(chain, name, partition["records"])}
            except (Refused, BadBytes):
                return {**partition, "error": _POLICY, "records": b""}

        # Without a session every request and reply is whole.
        whole = body | {"session_id": 0, "session_epoch": -1, "forgotten": []}
        reply = self._topics(api, whole, chain, "READ", _FETCHED, after=show)
        return reply | {"session_id": 0}

    def _list_offsets(self, api: apis.Api, body: Fields) -> Fields:
        return self._topics(api, body, self._chain(), "DESCRIBE", _LISTED)

    def _commit(self, api: apis.Api, body: Fields) -> Fields:
        if not self._may("READ", body["group"], "GROUP"):
            return _every(body, _GROUP_DENIED, {}) | {"throttle_ms": 0}
        named = body | {"group": self._prefix() + body["group"]}
        return self._topics(api, named, self._chain(), "READ", {})

    def _committed(self, api: apis.Api, body: Fields) -> Fields:
        empty = {"throttle_ms": 0, "topics": [], "error": 0}
        if not self._may("READ", body["group"], "GROUP"):
            return empty | {"error": _GROUP_DENIED}
        if body["topics"] is None:
            return empty
        topics = [
            {**topic, "partitions": [{"index": index} for index in topic["partitions"]]}
            for topic in body["topics"]
        ]
        named = {"group": self._prefix() + body["group"], "topics": topics}
        return self._topics(api, named, self._chain(), "DESCRIBE", _COMMITTED, bare=True)

    def _coordinator(self, api: apis.Api, body: Fields) -> Fields:
        denied = _NO_TRANSACTIONS if body["key_type"] else _GROUP_DENIED
        if body["key_type"] or not self._may("DESCRIBE", body["key"], "GROUP"):
            told = {"throttle_ms": 0, "error": denied, "message": None}
            return told | {"node_id": -1, "host": "", "port": -1}
        reply = self._broker.ask(api, body | {"key": self._prefix() + body["key"]})
        if reply["error"]:
            return reply
        return reply | {"host": self._address.host, "port": self._address.port}

    def _group(self, api: apis.Api, body: Fields) -> Fields:
        if not self._may("READ", body["group"], "GROUP"):
            return {**_GROUP_REPLIES[api.key], "throttle_ms": 0, "error": _GROUP_DENIED}
        return self._broker.ask(api, body | {"group": self._prefix() + body["group"]})

    def _create(self, api: apis.Api, body: Fields) -> Fields:
        names = [topic["name"] for topic in body["topics"]]
        if self._principal is None or not self._gateway.is_super(self._principal):
            told = [{"name": name, "error": _CLUSTER_DENIED, "message": None} for name in names]
            return {"throttle_ms": 0, "topics": told}
        prefix = self._prefix()
        topics = [{**topic, "name": prefix + topic["name"]} for topic in body["topics"]]
        reply = self._broker.ask(api, body | {"topics": topics})
        told = [{**topic, "name": topic["name"][len(prefix) :]} for topic in reply["topics"]]
        return reply | {"topics": told}

    def _producer_id(self, api: apis.Api, body: Fields) -> Fields:
        if body["transactional_id"] is not None:
            raise Closed("transactions are not known")
        return self._broker.ask(api, body)

    # What they share.

    def _topics(
        self,
        api: apis.Api,
        body: Fields,
        chain: Chain,
        operation: str,
        nothing: Fields,
        *,
        before: Callable[[str, Fields], Fields] | None = None,
        after: Callable[[str, Fields], Fields] | None = None,
        bare: bool = False,
    ) -> Fields:
        """A request over topics, under the names of the broker there and of the client back."""
        asked, denied, names = [], [], {}
        for topic in body["topics"]:
            name = topic["name"]
            try:
                error = 0 if self._may(operation, name) else _TOPIC_DENIED
                physical = self._physical(chain, name)
                error = _INVALID_TOPIC if physical in names else error
                partitions = topic["partitions"]
                if before is not None and not error:
                    partitions = [before(name, partition) for partition in partitions]
            except (Refused, BadBytes):
                error = _POLICY
            if error:
                denied.append(_failed(topic, error, nothing))
                continue
            names[physical] = name
            told = [partition["index"] for partition in partitions] if bare else partitions
            asked.append({"name": physical, "partitions": told})
        reply = self._broker.ask(api, body | {"topics": asked})
        found = []
        for topic in reply["topics"]:
            name = names[topic["name"]]
            shown = topic["partitions"]
            if after is not None:
                shown = [after(name, partition) for partition in shown]
            found.append({"name": name, "partitions": shown})
        return reply | {"topics": found + denied}

    def _chain(self) -> Chain:
        assert self._principal is not None
        try:
            return self._gateway.chain(self._principal)
        except Refused as error:
            raise Closed(str(error)) from error

    def _prefix(self) -> str:
        assert self._principal is not None
        home = self._principal.virtual_cluster
        return "" if home == PASSTHROUGH else home

    def _physical(self, chain: Chain, name: str) -> str:
        return self._prefix() + chain.views.get(name, name)

    def _may(self, operation: str, name: str, kind: str = "TOPIC") -> bool:
        assert self._principal is not None
        rights = self._gateway.rights(self._principal)
        return rights is None or rights.allows(self._principal.account, operation, kind, name)


_PRODUCED: Fields = {
    "base_offset": -1,
    "log_append_time": -1,
    "log_start_offset": -1,
    "record_errors": [],
    "message": None,
}
_FETCHED: Fields = {
    "high_watermark": -1,
    "last_stable_offset": -1,
    "log_start_offset": -1,
    "aborted": None,
    "preferred_read_replica": -1,
    "records": b"",
}
_LISTED: Fields = {"timestamp": -1, "offset": -1, "leader_epoch": -1}
_COMMITTED: Fields = {"offset": -1, "leader_epoch": -1, "metadata": ""}
_GROUP_REPLIES: dict[int, Fields] = {
    apis.JOIN_GROUP.key: {
        "generation": -1,
        "protocol": "",
        "leader": "",
        "member": "",
        "members": [],
    },
    apis.SYNC_GROUP.key: {"assignment": b""},
    apis.HEARTBEAT.key: {},
    apis.LEAVE_GROUP.key: {},
}
"""What a reply about partitions or groups holds beside its error."""


def _failed(topic: Fields, error: int, nothing: Fields) -> Fields:
    partitions = [
        {"index": partition["index"], "error": error, **nothing}
        for partition in topic["partitions"]
    ]
    return {"name": topic["name"], "partitions": partitions}


def _every(body: Fields, error: int, nothing: Fields) -> Fields:
    return {"topics": [_failed(topic, error, nothing) for topic in body["topics"]]}


_BEFORE_LOGIN: dict[int, Callable[[Session, Fields], Fields]] = {
    apis.API_VERSIONS.key: Session._versions,
    apis.SASL_HANDSHAKE.key: Session._handshake,
    apis.SASL_AUTHENTICATE.key: Session._authenticate,
}
_AFTER_LOGIN: dict[int, Callable[[Session, apis.Api, Fields], Fields]] = {
    apis.METADATA.key: Session._metadata,
    apis.PRODUCE.key: Session._produce,
    apis.FETCH.key: Session._fetch,
    apis.LIST_OFFSETS.key: Session._list_offsets,
    apis.OFFSET_COMMIT.key: Session._commit,
    apis.OFFSET_FETCH.key: Session._committed,
    apis.FIND_COORDINATOR.key: Session._coordinator,
    apis.JOIN_GROUP.key: Session._group,
    apis.SYNC_GROUP.key: Session._group,
    apis.HEARTBEAT.key: Session._group,
    apis.LEAVE_GROUP.key: Session._group,
    apis.CREATE_TOPICS.key: Session._create,
    apis.INIT_PRODUCER_ID.key: Session._producer_id,
}
