"""The API of Kafka Connect's workers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cdk_stream.plugin.placeholder import holds_secret
from cdk_stream.plugin.rest import Reply, Rest, told
from cdk_stream.plugin.system import SystemFailed

_CONFLICT, _NOT_FOUND = 409, 404
_TRACE = 300
_ECHO = re.compile(r"(?i)invalid value .*? for configuration")


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector as its workers show it: `tasks` holds the state of each, by its number."""

    config: Mapping[str, str]
    state: str
    tasks: Mapping[int, str]
    failures: tuple[str, ...] = ()
    """What failed, with the first line of its trace: `task 0: java.net.ConnectException: ...`."""

    @property
    def runs(self) -> bool:
        """It runs, and so does each of its tasks, of which there is one at least."""
        states = self.tasks.values()
        return self.state == "RUNNING" and bool(states) and set(states) == {"RUNNING"}


def is_rebalancing(reply: Reply) -> bool:
    """Whether the workers are busy sharing out their work, which ends by itself."""
    return reply.status == _CONFLICT and "rebalanc" in told(reply).lower()


class Workers:
    """What the API answers, parsed; raises `SystemFailed`."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def connectors(self) -> dict[str, Connector]:
        """Every connector with its configuration and states: one request."""
        # The parameter is given twice, which keywords cannot say.
        body = self._rest.read("connectors?expand=info&expand=status", dict)
        return {
            str(name): _connector(one["info"].get("config") or {}, one.get("status") or {})
            for name, one in body.items()
            if isinstance(one, Mapping) and "info" in one
        }

    def connector(self, name: str) -> Connector | None:
        """One connector; its states are empty for a moment after it was made."""
        info = self._rest.get(_path(name))
        if info.status == _NOT_FOUND:
            return None
        if not info.ok:
            raise self._rest.refused(f"a question about '{name}'", info)
        status = self._rest.get(_path(name, "status"))
        return _connector(info.body.get("config") or {}, status.body if status.ok else {})

    def validate(self, name: str, config: Mapping[str, str]) -> None:
        """Raises `SystemFailed` with what is wrong; the workers' echo of values is dropped."""
        class_ = config.get("connector.class", "")
        path = f"connector-plugins/{quote(class_, safe='')}/config/validate"
        try:
            reply = self._rest.ask("PUT", path, {**config, "name": name})
        except SystemFailed as failure:
            self._known(class_)
            raise SystemFailed(
                f"{self._rest.name} cannot judge the configuration of '{name}'", failure.mend
            ) from None
        if not reply.ok:
            self._known(class_)
            raise SystemFailed(
                f"{self._rest.name} cannot judge the configuration of '{name}': {reply.status}"
            )
        faults = list(_faults(reply.body, config))
        if faults:
            raise SystemFailed(
                f"{self._rest.name} refuses the configuration of '{name}': {'; '.join(faults)}",
                "mend it in the model's `sink:` or the source's `connect:`",
            )

    def create_stopped(self, name: str, config: Mapping[str, str]) -> None:
        """A connector that does nothing yet; one that is there already is left as it is."""
        body = {"name": name, "config": dict(config), "initial_state": "STOPPED"}
        reply = self._rest.write("POST", "connectors", body)
        if not reply.ok and reply.status != _CONFLICT:
            raise self._refused(name, "to be made", reply)

    def configure(self, name: str, config: Mapping[str, str]) -> None:
        """Another configuration; the offsets stay."""
        self._write(name, "its configuration", "PUT", "config", {**config, "name": name})

    def resume(self, name: str) -> None:
        self._write(name, "to be resumed", "PUT", "resume")

    def pause(self, name: str) -> None:
        self._write(name, "to be paused", "PUT", "pause")

    def restart_failed(self, name: str) -> None:
        """Start what failed again: the connector, its tasks, or both."""
        self._write(name, "to be restarted", "POST", "restart?includeTasks=true&onlyFailed=true")

    def delete(self, name: str) -> None:
        reply = self._rest.write("DELETE", _path(name))
        if not reply.ok and reply.status != _NOT_FOUND:
            raise self._refused(name, "to be deleted", reply)

    def close(self) -> None:
        """Let go of connections."""
        self._rest.close()

    def _write(self, name: str, what: str, method: str, verb: str, body: Any = None) -> None:
        reply = self._rest.write(method, _path(name, verb), body)
        if not reply.ok:
            raise self._refused(name, what, reply)

    def _refused(self, name: str, what: str, reply: Reply) -> SystemFailed:
        """Without the workers' own words, which may hold secrets that they resolved."""
        why = _ECHO.sub("invalid value for configuration", told(reply))
        text = f"{self._rest.name} refused '{name}' {what}: {reply.status} {why[:_TRACE]}"
        mend = "try again when its workers have settled" if reply.status == _CONFLICT else ""
        return SystemFailed(text, mend, again=is_rebalancing(reply))

    def _known(self, class_: str) -> None:
        """Raises `SystemFailed` when no worker has the plugin."""
        plugins = {str(one.get("class")) for one in self._rest.read("connector-plugins", list)}
        aliases = {name.rpartition(".")[2] for name in plugins}
        if class_ not in plugins | aliases | {a.removesuffix("Connector") for a in aliases}:
            raise SystemFailed(
                f"{self._rest.name} has no plugin '{class_}'",
                "put it on the `plugin.path` of every worker, and restart them",
            )


def _path(name: str, verb: str = "") -> str:
    path = f"connectors/{quote(name, safe='')}"
    return f"{path}/{verb}" if verb else path


def _connector(config: Mapping[str, str], status: Mapping[str, Any]) -> Connector:
    connector = status.get("connector") or {}
    tasks = status.get("tasks") or ()
    failed = [("the connector", connector), *((f"task {one.get('id')}", one) for one in tasks)]
    return Connector(
        {key: str(value) for key, value in config.items() if key != "name"},
        str(connector.get("state") or ""),
        {int(one["id"]): str(one.get("state")) for one in tasks},
        tuple(
            f"{who}: {_first_line(one.get('trace'))}"
            for who, one in failed
            if one.get("state") == "FAILED"
        ),
    )


def _first_line(trace: Any) -> str:
    return str(trace or "it does not say why").strip().splitlines()[0][:_TRACE]


def _unresolved(name: str, echoed: Any, config: Mapping[str, str]) -> list[str]:
    """A placeholder that comes back as it was sent; passwords come hidden, and tell nothing."""
    sent = str(config.get(name, ""))
    if echoed != sent or not holds_secret(sent):
        return []
    return [f"'{name}' keeps its placeholder: the workers have no config provider for it"]


def _faults(answer: Any, config: Mapping[str, str]) -> list[str]:
    """The settings that are refused; without a word about those that hold a secret."""
    if not isinstance(answer, Mapping) or "configs" not in answer:
        raise SystemFailed("Kafka Connect does not say what it thinks of a configuration")
    faults = []
    for one in answer["configs"]:
        value = one.get("value") or {}
        faults += _unresolved(str(value.get("name")), value.get("value"), config)
        for error in value.get("errors") or ():
            name = str(value.get("name"))
            if holds_secret(str(config.get(name, ""))):
                faults.append(f"'{name}' is refused")
            else:
                faults.append(f"'{name}': {_ECHO.sub('invalid value for', str(error))[:_TRACE]}")
    if not faults and answer.get("error_count"):
        faults.append(f"{answer['error_count']} errors, of which it tells none")
    return faults
