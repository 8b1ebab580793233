"""The interceptors of a principal, run in their order over the values of a topic's records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple, TypeVar

from tests.gateway.double.resolve import Body
from tests.gateway.reference import cel, sql
from tests.gateway.reference.document import ABSENT, Document, get, put
from tests.gateway.reference.envelope import CannotDecrypt, Keys, is_encrypted
from tests.gateway.reference.masks import mask

_PACKAGE = "io.conduktor.gateway.interceptor."
T = TypeVar("T")
R = TypeVar("R")


class Refused(Exception):
    """The request fails as a whole: the client gets an error and no record."""


class Naming(NamedTuple):
    """Which of a view's two names the interceptors before and after it see: not documented."""

    before: str = "physical"
    after: str = "virtual"


LIKELY = Naming()
NAMINGS = tuple(Naming(*pair) for pair in product(("physical", "virtual"), repeat=2))


class View(NamedTuple):
    """A virtual topic."""

    physical: str
    apply: Callable[[Document], Document | None]
    priority: int


class Chain:
    """What stands between one principal and the topics; `interceptors` are in their order."""

    def __init__(self, interceptors: Iterable[Body], keys: Keys, naming: Naming = LIKELY) -> None:
        self._interceptors = list(interceptors)
        self._keys = keys
        self._naming = naming
        self._views: dict[str, View] = {}
        for body in self._interceptors:
            made = _VIEWS.get(_plugin(body))
            if made is not None:
                name = body["spec"]["config"]["virtualTopic"]
                if name in self._views:
                    raise Refused(f"two interceptors make the virtual topic '{name}'")
                self._views[name] = made(body["spec"])

    @property
    def views(self) -> dict[str, str]:
        """Virtual topic -> the topic that stores its records."""
        return {name: view.physical for name, view in self._views.items()}

    def reads(self, topic: str) -> bool:
        """Whether anything looks into the records that the principal reads of the topic."""
        names = {topic, self.views.get(topic, topic)}
        return topic in self._views or any(
            _covers(body, name)
            for body in self._interceptors
            if _plugin(body) in _FETCH
            for name in names
        )

    def writes(self, topic: str) -> bool:
        """Whether anything looks into the records that the principal writes to the topic."""
        return topic in self._views or any(
            _covers(body, topic) for body in self._interceptors if _plugin(body) in _PRODUCE
        )

    def fetch(self, topic: str, document: Document) -> Document | None:
        """What the principal sees of a record; None when the view drops it."""
        view = self._views.get(topic)
        if view is None:
            return self._run(self._interceptors, topic, document)
        names = {"virtual": topic, "physical": view.physical}
        before = [body for body in self._interceptors if body["spec"]["priority"] < view.priority]
        after = self._interceptors[len(before) :]
        shown = view.apply(self._run(before, names[self._naming.before], document))
        return None if shown is None else self._run(after, names[self._naming.after], shown)

    def produce(self, topic: str, document: Document) -> Document:
        """What is stored of a record that the principal writes."""
        if topic in self._views:
            raise Refused(f"'{topic}' is read-only")
        for body in self._interceptors:
            does = _PRODUCE.get(_plugin(body))
            if does is not None and _covers(body, topic):
                document = does(self, body["spec"]["config"], document)
        return document

    def _run(self, interceptors: list[Body], topic: str, document: Document) -> Document:
        for body in interceptors:
            does = _FETCH.get(_plugin(body))
            if does is not None and _covers(body, topic):
                document = does(self, body["spec"]["config"], document)
        return document

    def _mask(self, config: Mapping[str, Any], document: Document) -> Document:
        return mask(document, config["policies"])

    def _decrypt(self, config: Mapping[str, Any], document: Document) -> Document:
        for field in config.get("recordValueFields") or document:
            path = tuple(field.split("."))
            value = get(document, path)
            if is_encrypted(value):
                try:
                    document = put(document, path, self._keys.decrypt(value))
                except CannotDecrypt as error:
                    if config.get("errorPolicy") == "fail_fetch":
                        raise Refused(str(error)) from error
        return document

    def _encrypt(self, config: Mapping[str, Any], document: Document) -> Document:
        for field in config["recordValue"]["fields"]:
            path = tuple(field["fieldName"].split("."))
            value = get(document, path)
            if value is ABSENT:
                continue
            if is_encrypted(value):
                if config.get("errorPolicy") != "skip_already_encrypted":
                    raise Refused(f"'{field['fieldName']}' is encrypted already")
                continue
            algorithm = field.get("algorithm", "AES128_GCM")
            sealed = self._keys.encrypt(value, field["keySecretId"], algorithm)
            document = put(document, path, sealed)
        return document

    def _read_only(self, config: Mapping[str, Any], document: Document) -> Document:
        raise Refused("the topic is read-only")


def _plugin(body: Body) -> str:
    name: str = body["spec"]["pluginClass"]
    return name.removeprefix(_PACKAGE)


def _covers(body: Body, topic: str) -> bool:
    """A `topic` left out means every topic."""
    return re.fullmatch(body["spec"]["config"].get("topic", ".*"), topic) is not None


def _sql_view(spec: Body) -> View:
    statement = _refusing(sql.NotSql, sql.parse, spec["config"]["statement"])
    return View(statement.topic, statement.apply, spec["priority"])


def _cel_view(spec: Body) -> View:
    keeps = _refusing(cel.NotCel, cel.parse, spec["config"]["expression"])

    def apply(document: Document) -> Document | None:
        return document if _refusing(cel.NotCel, keeps, document) else None

    return View(spec["config"]["topic"], apply, spec["priority"])


def _refusing(error: type[Exception], function: Callable[[T], R], value: T) -> R:
    """What fails closed: no answer is a refusal."""
    try:
        return function(value)
    except error as caught:
        raise Refused(str(caught)) from caught


_VIEWS: dict[str, Callable[[Body], View]] = {
    "VirtualSqlTopicPlugin": _sql_view,
    "CelTopicPlugin": _cel_view,
}
_Step = Callable[[Chain, Mapping[str, Any], Document], Document]
_FETCH: dict[str, _Step] = {
    "FieldLevelDataMaskingPlugin": Chain._mask,
    "DecryptPlugin": Chain._decrypt,
}
_PRODUCE: dict[str, _Step] = {
    "EncryptPlugin": Chain._encrypt,
    "safeguard.ReadOnlyTopicPolicyPlugin": Chain._read_only,
}
