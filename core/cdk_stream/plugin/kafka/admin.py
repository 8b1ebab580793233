"""Kafka's admin client with timeouts, bounded retries, and failures that say what is not known."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from cdk_stream.plugin.system import SystemFailed

T = TypeVar("T")
TIMEOUT = 15.0
ATTEMPTS = 4
_PAUSE = 0.5
_PASSING = frozenset(
    (
        "_ALL_BROKERS_DOWN",
        "_RESOLVE",
        "_TIMED_OUT",
        "_TRANSPORT",
        "_WAIT_COORD",
        "BROKER_NOT_AVAILABLE",
        "COORDINATOR_NOT_AVAILABLE",
        "FENCED_LEADER_EPOCH",
        "LEADER_NOT_AVAILABLE",
        "NETWORK_EXCEPTION",
        "NOT_CONTROLLER",
        "NOT_LEADER_FOR_PARTITION",
        "OFFSET_NOT_AVAILABLE",
        "REQUEST_TIMED_OUT",
        "THROTTLING_QUOTA_EXCEEDED",
        "UNKNOWN_LEADER_EPOCH",
        "UNKNOWN_TOPIC_OR_PART",
    )
)
"""What may be different a moment later, some of it while a new topic spreads."""
_UNSURE = frozenset(("_TIMED_OUT", "_TRANSPORT", "NETWORK_EXCEPTION", "REQUEST_TIMED_OUT"))
_MENDS = {
    "INVALID_REPLICATION_FACTOR": "there are fewer brokers: lower 'replication_factor'",
    "INVALID_CONFIG": "see the topic's `config:` in the model",
    "TOPIC_AUTHORIZATION_FAILED": "let the deploying account ALTER, CREATE and DELETE topics",
    "CLUSTER_AUTHORIZATION_FAILED": "let the deploying account ALTER the cluster",
    "GROUP_AUTHORIZATION_FAILED": "let the deploying account DESCRIBE groups",
    "POLICY_VIOLATION": "the brokers have a policy of their own against it",
    "SECURITY_DISABLED": "the brokers check no rights: set 'authorizer.class.name' there",
}
_FINAL = ("_AUTHENTICATION", "_SSL", "SASL_AUTHENTICATION_FAILED")
_REACH = "check that they run and can be reached from here, and the login"
GREETINGS = 5
INSTALL = "pip install 'cdk-stream[deploy]'"


class Refusal(SystemFailed):
    """The brokers said no; `code` is Kafka's own name of the error."""

    def __init__(self, message: str, mend: str, code: str, *, unsure: bool) -> None:
        super().__init__(message, mend, unsure=unsure)
        self.code = code


class Admin:
    """Asks brokers; `client` is made when it is needed first."""

    def __init__(
        self,
        name: str,
        connect: Callable[[Callable[[Any], None]], Any],
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        """What messages call the brokers: `the brokers of 'main' at host:9092`."""
        self._connect = connect
        self._pause = pause
        self._client: Any = None
        self._connecting = threading.Lock()

    @property
    def client(self) -> Any:
        """The `AdminClient`, once somebody has answered it."""
        with self._connecting:
            if self._client is None:
                self._client = self._greeted()
            return self._client

    def _greeted(self) -> Any:
        """A client that was answered; a wrong login is told at once, silence after seconds."""
        errors: list[Any] = []
        client = self._connect(errors.append)
        for attempt in range(GREETINGS):
            try:
                client.list_topics(timeout=TIMEOUT / GREETINGS)
                return client
            except Exception as error:
                client.poll(0)
                told = [one for one in errors if one.name() in _FINAL]
                waited = attempt + 1 == GREETINGS or (attempt and errors)
                if told or waited:
                    last = told or errors or [error.args[0] if error.args else error]
                    raise SystemFailed(
                        f"{self.name} cannot be reached: {_told(Exception(last[-1]))[1]}", _REACH
                    ) from None
        raise AssertionError("the last attempt returns or raises")

    def read(self, what: str, ask: Callable[[Any], T]) -> T:
        """Ask what changes nothing, up to four times."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return ask(self.client)
            except SystemFailed:
                raise
            except Exception as error:
                failure = self._failure(what, error, reads=True)
                if attempt == ATTEMPTS or failure.code not in _PASSING:
                    raise failure from error
                self._pause(_PAUSE * attempt)
        raise AssertionError("the last attempt returns or raises")

    def write(self, what: str, ask: Callable[[Any], T]) -> T:
        """Ask for a change once: whoever wants it again looks first."""
        try:
            return ask(self.client)
        except SystemFailed:
            raise
        except Exception as error:
            raise self._failure(what, error, reads=False) from error

    def close(self) -> None:
        """Let go of connections."""
        self._client = None

    def _failure(self, what: str, error: Exception, *, reads: bool) -> Refusal:
        code, reason = _told(error)
        unsure = not reads and code in _UNSURE
        tail = ", and whether it was done is not known" if unsure else ""
        mend = _MENDS.get(code, "")
        if not mend and code in _PASSING:
            mend = _REACH
        return Refusal(f"{self.name} did not {what}: {reason}{tail}", mend, code, unsure=unsure)


def _told(error: Exception) -> tuple[str, str]:
    """Kafka's name of an error, and what it says."""
    if isinstance(error, TimeoutError):
        return "_TIMED_OUT", "no answer in time"
    cause: Any = error.args[0] if error.args else error
    name = getattr(cause, "name", None)
    if not callable(name):
        return "", f"{type(error).__name__}: {error}"
    return str(name()), str(cause.str())


def results(futures: Mapping[Any, Any]) -> dict[Any, Any]:
    """The results of an admin call; raises the first failure."""
    return {key: future.result(TIMEOUT + 5) for key, future in futures.items()}


def connect(settings: Mapping[str, str], on_error: Callable[[Any], None]) -> Any:
    """An `AdminClient` that tells `on_error` why it reaches nobody; raises `SystemFailed`."""
    try:
        # 20 MB of native code that only a deploy needs.
        from confluent_kafka import KafkaException  # noqa: PLC0415
        from confluent_kafka.admin import AdminClient  # noqa: PLC0415
    except ImportError:
        raise SystemFailed("the client of Kafka is not installed", INSTALL) from None
    quiet = {
        "log_level": 0,
        "socket.timeout.ms": int(TIMEOUT * 1000),
        "socket.connection.setup.timeout.ms": 8000,
    }
    try:
        return AdminClient({**quiet, **settings, "error_cb": on_error})
    except (KafkaException, TypeError, ValueError) as error:
        raise SystemFailed(
            f"the client of Kafka does not take its properties: {_reason(error, settings)}",
            "see `kafka: properties:` of the cluster in stream_project.yml",
        ) from None


def _reason(error: Exception, settings: Mapping[str, str]) -> str:
    """What the client says, with every value that may be a secret left out."""
    cause: Any = error.args[0] if error.args else error
    text = str(cause.str()) if callable(getattr(cause, "str", None)) else str(error)
    return hide(text, (settings[key] for key in settings if key != "bootstrap.servers"))


def hide(text: str, values: Iterable[str]) -> str:
    """The text without the values."""
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = text.replace(value, "***") if len(value) > 3 else text
    return text
