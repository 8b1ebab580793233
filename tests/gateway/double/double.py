"""The Gateway's API without its Gateway: keeps what it is told, and refuses what it would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.gateway.contract import Contract, load
from tests.gateway.double.kinds import ACCOUNT, GROUP, INTERCEPTOR, KINDS, Kind
from tests.gateway.double.plugins import plugins
from tests.gateway.double.resolve import PASSTHROUGH, Body, Principal, resolve, scope_of
from tests.gateway.double.rules import Refusal, Stored, check_delete, check_put

_ROOT = "/gateway/v2/"
_JSON, _TEXT = "application/json", "text/plain"
_CASINGS = {
    "CREATED": "Created",
    "UPDATED": "Updated",
    "NOT_CHANGED": "NotChanged",
}


class Reply(NamedTuple):
    status: int
    body: Any = None
    content_type: str = _JSON


class Exchange(NamedTuple):
    """One request and what it was answered."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int


class Double:
    """The state behind the API. `casing` is `upper` as documented, or `camel` as some answer."""

    def __init__(
        self,
        login: tuple[str, str] = ("admin", "conduktor"),
        version: str = "3.15.0",
        casing: str = "upper",
        without: tuple[str, ...] = (),
    ) -> None:
        self.contract: Contract = load()
        self.stored: Stored = {kind.name: {} for kind in KINDS.values()}
        self.exchanges: list[Exchange] = []
        self.violations: list[str] = []
        """Replies of our own that the contract forbids: a fault of this double."""
        self._login = "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self._plugins = plugins(version, without)
        self._casing = casing
        self._lock = threading.Lock()

    def answer(self, method: str, url: str, authorization: str = "", text: bytes = b"") -> Reply:
        """One request, whole: authenticated, held to the contract, done, held again."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == "/health":
            return Reply(200, {"status": "UP"})
        found = self.contract.path(unquote(parts.path))
        if found is None or method not in self.contract.methods(found[0]):
            return Reply(404 if found is None else 405, {"title": "No such operation"})
        template, values = found
        try:
            body = json.loads(text) if text else None
        except ValueError:
            body = text.decode(errors="replace")
        with self._lock:
            reply = self._reply(method, template, values, query, body, authorization)
        self.exchanges.append(Exchange(method, parts.path, query, body, reply.status))
        told = self.contract.reply(method, template, reply.status, reply.content_type, reply.body)
        self.violations += (f"{method} {template} {reply.status}: {fault}" for fault in told)
        return reply

    def interceptors(self) -> list[Body]:
        return list(self.stored[INTERCEPTOR.name].values())

    def principal(self, account: str, virtual_cluster: str = PASSTHROUGH) -> Principal:
        """The account with the groups that it is a member of."""
        member = {"vCluster": virtual_cluster, "name": account}
        groups = frozenset(
            group["metadata"]["name"]
            for group in self.stored[GROUP.name].values()
            if member in group["spec"]["members"]
        )
        return Principal(account, groups, virtual_cluster)

    def token(self, account: str, virtual_cluster: str) -> str:
        """The password of a local account; the same each time."""
        said = f"{virtual_cluster}/{account}".encode()
        return hmac.new(self._login.encode(), said, hashlib.sha256).hexdigest()

    def log_in(self, account: str, password: str) -> Principal | None:
        """Whose password it is, in whichever virtual cluster the account has it."""
        for name, home in self.stored[ACCOUNT.name]:
            known = self.token(str(name), str(home))
            if name == account and hmac.compare_digest(password, known):
                return self.principal(account, str(home))
        return None

    def _reply(
        self,
        method: str,
        template: str,
        values: dict[str, str],
        query: dict[str, str],
        body: Any,
        authorization: str,
    ) -> Reply:
        if not hmac.compare_digest(authorization.encode(), self._login.encode()):
            return Reply(401, {"title": "The given credentials are not valid"})
        told = self.contract.request(method, template, query, body)
        if told:
            return self._bad_request(method, template, told[0])
        try:
            return self._operate(method, template, values, query, body)
        except Refusal as refusal:
            return Reply(refusal.status, {"title": refusal.title, "cause": refusal.cause})

    def _bad_request(self, method: str, template: str, told: str) -> Reply:
        if self.contract.reply(method, template, 400, _TEXT, told):
            return Reply(400, {"title": "The request is not valid", "cause": told})
        return Reply(400, told, _TEXT)

    def _operate(
        self, method: str, template: str, values: dict[str, str], query: dict[str, str], body: Any
    ) -> Reply:
        path = template.removeprefix(_ROOT).partition("/{")[0]
        special = _SPECIAL.get(path)
        if special is not None:
            return special(self, body)
        kind = KINDS[path]
        if method == "PUT":
            return self._put(kind, body, query.get("dryMode") == "true")
        if method == "DELETE":
            return self._delete(kind, values, body)
        if values:
            return self._get(kind, next(iter(values.values())))
        return Reply(200, self._list(kind, query))

    def _put(self, kind: Kind, body: Body, dry: bool) -> Reply:
        complete = kind.complete(body)
        check_put(kind, complete, self.stored)
        identity = kind.identify(complete["metadata"])
        before = self.stored[kind.name].get(identity)
        result = "NOT_CHANGED" if before == complete else "UPDATED" if before else "CREATED"
        if not dry:
            self.stored[kind.name][identity] = complete
        said = result if self._casing == "upper" else _CASINGS[result]
        return Reply(200, {"resource": _shown(kind, complete), "upsertResult": said})

    def _delete(self, kind: Kind, values: dict[str, str], body: Any) -> Reply:
        named = {"name": next(iter(values.values()))} if values else body
        metadata = {**named, "scope": body} if kind is INTERCEPTOR else named
        identity = kind.identify(metadata)
        check_delete(kind, identity, self.stored)
        del self.stored[kind.name][identity]
        return Reply(204)

    def _get(self, kind: Kind, name: str) -> Reply:
        body = self.stored[kind.name].get((name,))
        if body is None:
            return Reply(404, {"title": f"The {kind.name} does not exist", "cause": name})
        return Reply(200, _shown(kind, body))

    def _list(self, kind: Kind, query: dict[str, str]) -> list[Body]:
        bodies = [body for body in self.stored[kind.name].values() if _asked(kind, body, query)]
        if query.get("showDefaults") == "true":
            return bodies
        return [_shown(kind, body) for body in bodies]

    def _resolve(self, body: Body) -> Reply:
        principal = Principal(
            body.get("username", ""),
            frozenset(body.get("groups", ())),
            body.get("vCluster", PASSTHROUGH),
        )
        return Reply(200, resolve(self.interceptors(), principal))

    def _token(self, body: Body) -> Reply:
        home = body.get("vCluster", PASSTHROUGH)
        account = self.stored[ACCOUNT.name].get((body["username"], home))
        if account is None:
            raise Refusal(404, "The service account does not exist", body["username"])
        if account["spec"]["type"] != "LOCAL":
            raise Refusal(409, "No token for an external service account", body["username"])
        return Reply(200, {"token": self.token(body["username"], home)})

    def _list_plugins(self, _body: object) -> Reply:
        return Reply(200, self._plugins)

    def _no_topics(self, _body: object) -> Reply:
        return Reply(200, [])


_SPECIAL: dict[str, Callable[[Double, Any], Reply]] = {
    "interceptor/resolve": Double._resolve,
    "token": Double._token,
    "plugin": Double._list_plugins,
    "concentrated-topic": Double._no_topics,
}


def _shown(kind: Kind, body: Body) -> Body:
    """The body without the defaults that only `showDefaults` asks for."""
    spec = {
        key: value for key, value in body["spec"].items() if kind.defaults.get(key, ...) != value
    }
    return {**body, "spec": spec}


def _asked(kind: Kind, body: Body, query: dict[str, str]) -> bool:
    metadata = body["metadata"]
    if kind is INTERCEPTOR:
        scope = scope_of(metadata)
        held = {
            "vcluster": scope.virtual_cluster,
            "group": scope.group,
            "username": scope.account,
            "global": str(scope.rank == 0).lower(),
        }
    else:
        held = {
            "vcluster": metadata.get("vCluster"),
            "type": body["spec"].get("type"),
        }
    held["name"] = metadata["name"]
    return all(
        held[key] == (value.upper() if key == "type" else value)
        for key, value in query.items()
        if key != "showDefaults"
    )
