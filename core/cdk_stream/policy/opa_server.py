"""The engine that asks an OPA server, through opa-python-client."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson

from cdk_stream.policy.engine import EngineError, EntryPoint, reference
from cdk_stream.policy.module import Module
from cdk_stream.policy.opa import blamed
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.signature import signatures
from cdk_stream.policy.text import Text, below
from cdk_stream.policy.uses import dependencies_first

_EXTRA = "install `cdk-stream[opa]`, which brings opa-python-client"


class Address(NamedTuple):
    """Where a server is, and how to know it and be known to it. Paths are absolute."""

    host: str
    port: int
    tls: bool
    ca: str = ""
    certificate: str = ""
    key: str = ""
    token: str = ""
    timeout: float = 30.0
    """Seconds, for connecting and for each piece of an answer."""

    def __str__(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


class OpaServer:
    """A `RegoEngine` that lends the server its policies and data for one run.

    They lie under a root of the run's own, so that runs beside it, and what the server holds for
    others, neither see nor change them.
    """

    name = "opa-server"

    def __init__(self, address: Address) -> None:
        try:
            import opa_client.opa  # noqa: PLC0415  half a second, wanted for a server only
            import requests  # noqa: PLC0415
        except ImportError as missing:
            raise EngineError(f"there is no client for an OPA server: {_EXTRA}") from missing
        self._make_client: Callable[..., Any] = opa_client.opa.OpaClient
        self._http_error: type[Exception] = requests.HTTPError
        self._failure: type[Exception] = requests.RequestException
        self._address = address
        self._run = f"cdk_stream_{secrets.token_hex(8)}"
        self._reader = Regorus()

    @property
    def version(self) -> str:
        return str(self._address)

    def read(self, path: str, text: str) -> None:
        self._reader.read(path, text)

    def modules(self) -> tuple[Module, ...]:
        return self._reader.modules()

    def texts(self) -> tuple[Text, ...]:
        return self._reader.texts()

    def builtins(self) -> frozenset[str]:
        """Those of OPA's latest release; which the server knows it says when it compiles."""
        return frozenset(signatures())

    def compile(self) -> None:
        """OPA compiles when it evaluates."""

    def evaluate(
        self, document: bytes, data: Mapping[str, Any], entries: Sequence[EntryPoint]
    ) -> list[Any]:
        with self._client() as client:
            loan = _Loan(client, self._run, self._told)
            try:
                loan.lend(self.texts(), self.modules(), data, entries)
                answer = self._asked(client, document)
            except BaseException:
                loan.end(strict=False)
                raise
            loan.end(strict=True)
        if not isinstance(answer, list) or len(answer) != len(entries):
            raise EngineError("the OPA server gave no answer: a rule it was asked for is undefined")
        return answer

    def _asked(self, client: Any, document: bytes) -> Any:
        strict = {"strict-builtin-errors": "true"}
        with self._told():
            said = client.query_rule(orjson.loads(document), f"{self._run}.main", "answers", strict)
        return said.get("result") if isinstance(said, dict) else None

    @contextmanager
    def _client(self) -> Iterator[Any]:
        address = self._address
        certificate = (address.certificate, address.key) if address.key else address.certificate
        client = self._make_client(
            host=address.host,
            port=address.port,
            ssl=(address.ca or True) if address.tls else False,
            cert=certificate or None,
            token=address.token or None,
            timeout=address.timeout,
            retries=0,
        )
        session = client._session
        session.trust_env = False  # else REQUESTS_CA_BUNDLE replaces the CA, and .netrc the token
        session.max_redirects = 0  # another server would judge
        try:
            yield client
        finally:
            client.close_connection()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong in between, as an `EngineError` with OPA's own words."""
        try:
            yield
        except self._http_error as error:
            raise self._from_response(error) from error
        except self._failure as error:
            raise EngineError(f"the OPA server {self._address} failed: {_cause(error)}") from error
        except (EngineError, KeyboardInterrupt):
            raise
        except Exception as error:  # opa_client's own have no class in common
            errors = getattr(error, "errors", None)
            if errors and isinstance(errors[0], dict):
                raise self._blamed(errors[0]) from error
            raise EngineError(f"the OPA server {self._address} refused: {error}") from error

    def _blamed(self, told: dict[str, Any]) -> EngineError:
        said = str(told.get("message", told)).replace(f"{self._run}.", "")
        return blamed({**told, "message": said}, self.texts())

    def _from_response(self, error: Exception) -> EngineError:
        response = getattr(error, "response", None)
        try:
            said = response.json()  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            said = None
        if isinstance(said, dict) and said.get("errors"):
            return self._blamed(said["errors"][0])
        what = said.get("message", error) if isinstance(said, dict) else error
        return EngineError(f"the OPA server {self._address} failed: {what}")


class _Loan:
    """What of a run lies on the server: lent in order, taken back in the opposite one."""

    def __init__(self, client: Any, run: str, told: Callable[[], Any]) -> None:
        self._client, self._run, self._told = client, run, told
        self._policies: list[str] = []
        self._data: list[str] = []

    def lend(
        self,
        texts: Sequence[Text],
        modules: Sequence[Module],
        data: Mapping[str, Any],
        entries: Sequence[EntryPoint],
    ) -> None:
        for key, value in data.items():
            self._data.append(f"{self._run}/{key}")
            with self._told():
                self._client.update_or_create_data(value, self._data[-1])
        for number in dependencies_first(modules):
            self._lend(f"{self._run}/{number}", below(texts[number], self._run))
        answers = ", ".join(reference(entry, f"data.{self._run}") for entry in entries)
        main = f"package {self._run}.main\n\nanswers := [{answers}]\n"
        self._lend(f"{self._run}/main", main)

    def _lend(self, name: str, text: str) -> None:
        self._policies.append(name)
        with self._told():
            self._client.update_policy_from_string(text, name, rego_compat=False)

    def end(self, *, strict: bool) -> None:
        """Take everything back; unless `strict`, as well as can be: another error is on its way."""
        takings = [(self._client.delete_policy, name) for name in reversed(self._policies)]
        if self._data:
            takings.append((self._client.delete_data, self._run))
        for take, name in takings:
            try:
                with self._told():
                    take(name)
            except EngineError:
                if strict:
                    raise


def _cause(error: BaseException) -> str:
    """The innermost reason in words, of the chain that urllib3 makes."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return " ".join(str(error).split()) or type(error).__name__
