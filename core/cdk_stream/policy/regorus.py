"""The embedded Rego engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import orjson

from cdk_stream.policy.engine import EngineError, EntryPoint, reference
from cdk_stream.policy.module import Module
from cdk_stream.policy.regorus_text import faithful
from cdk_stream.policy.regorus_tree import module
from cdk_stream.policy.replace import replaced
from cdk_stream.policy.signature import signatures
from cdk_stream.policy.text import Text

T = TypeVar("T")
_WHERE = re.compile(r"-->\s(.*):(\d+):(\d+)\n\s*\|\n\d+\s*\|\s(.*)")
_TAB = 4  # columns that regorus counts for one
_ERROR = re.compile(r"^error: (.*)", re.MULTILINE | re.DOTALL)
_TRACE = "Stack backtrace:"


class Regorus:
    """A `RegoEngine` in this process; use it from the thread that made it."""

    name = "embedded"

    def __init__(self) -> None:
        try:
            import regorus  # noqa: PLC0415  3 MB of native code, wanted only to judge
        except ImportError as missing:
            raise EngineError(f"the embedded Rego engine is not installed: {missing}") from missing
        self._new = regorus.Engine
        self._engine = self._new()
        self._engine.set_gather_prints(True)  # else `print` of a policy spoils the report
        self._engine.add_extension("strings.replace_n", 2, replaced)
        self._taken: list[tuple[str, str, str]] = []
        self._texts: dict[str, Text] = {}

    @property
    def version(self) -> str:
        runtime = _answer(_guarded(self._engine.eval_query_as_json, "opa.runtime()"))
        version: str = runtime["regorus-version"]
        return version

    def read(self, path: str, text: str) -> None:
        read = self._parsed(path, text)
        rewritten = faithful(read)
        self.take(path, text, rewritten)
        self._texts[path] = read

    def take(self, path: str, text: str, rewritten: str) -> None:
        """Read a file of which `faithful` is known: `taken` of an engine that read it gives it."""
        _guarded(self._engine.add_policy, path, rewritten)
        self._taken.append((path, text, rewritten))

    def taken(self) -> list[tuple[str, str, str]]:
        """Path, text, and the text as regorus got it, of every file read."""
        return self._taken

    def _parsed(self, path: str, text: str) -> Text:
        parser = self._new()
        _guarded(parser.add_policy, path, text)
        try:
            tree = orjson.loads(_guarded(parser.get_ast_as_json))[0]["ast"]
        except ValueError as error:  # orjson's limit
            raise EngineError("an expression is too deep, or a number too big", path) from error
        return Text(path, text.encode(), tree)

    def texts(self) -> tuple[Text, ...]:
        for path, text, _ in self._taken:
            if path not in self._texts:
                self._texts[path] = self._parsed(path, text)
        return tuple(self._texts[path] for path, _, _ in self._taken)

    def modules(self) -> tuple[Module, ...]:
        return tuple(map(module, self.texts()))

    def builtins(self) -> frozenset[str]:
        fresh = self._new()  # where no policy can be at fault
        known = _answer(_guarded(fresh.eval_query_as_json, "opa.runtime().builtins"))
        return frozenset((*known, "print")) & signatures().keys()

    def compile(self) -> None:
        _guarded(self._engine.eval_query_as_json, "true")

    def evaluate(
        self, document: bytes, data: Mapping[str, Any], entries: Sequence[EntryPoint]
    ) -> list[Any]:
        _guarded(self._engine.clear_data)
        _guarded(self._engine.add_data_json, orjson.dumps(data).decode())
        _guarded(self._engine.set_input_json, document.decode())
        query = ",".join(reference(entry) for entry in entries)
        answers = _answer(_guarded(self._engine.eval_query_as_json, f"[{query}]"))
        if len(answers) != len(entries):
            raise EngineError("the engine did not answer every question")
        return list(answers)

    def prints(self) -> list[str]:
        """What `print` of the policies said since it was last asked: `a.rego:3: text`."""
        return list(_guarded(self._engine.take_prints))

    def cover(self) -> None:
        """Record from now on which lines are evaluated."""
        _guarded(self._engine.set_enable_coverage, True)

    def covered(self) -> dict[str, tuple[list[int], list[int]]]:
        """File -> the lines that were evaluated, and those that were not."""
        report = orjson.loads(_guarded(self._engine.get_coverage_report_as_json))
        return {
            file["path"]: (sorted(file["covered"]), sorted(file["not_covered"]))
            for file in report["files"]
        }


def _answer(text: str) -> Any:
    """The value of a query with one expression; no value at all is an error."""
    found = orjson.loads(text).get("result")
    if not found:
        raise EngineError("the engine gave no answer: some rule it was asked for is undefined")
    return found[0]["expressions"][0]["value"]


def _guarded(call: Callable[..., T], *arguments: Any) -> T:
    try:
        return call(*arguments)
    except Exception as error:
        _refuse(str(error), error)
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # derives from BaseException
            raise
        _refuse(f"the engine broke off: {panic}", panic)


def _refuse(text: str, cause: BaseException) -> NoReturn:
    """Raise the first error of regorus's text, its place apart and without the stack."""
    text = text.partition(_TRACE)[0]
    where, said = _WHERE.search(text), _ERROR.search(text)
    message = " ".join((said[1] if said else text).split("\n--> ")[0].split())
    if where:
        column = _column(where[4], int(where[3]))
        raise EngineError(message, where[1], int(where[2]), column) from cause
    raise EngineError(message) from cause


def _column(line: str, shown: int) -> int:
    """The character of `line` at the column that regorus shows, both from 1."""
    at = 1
    for number, character in enumerate(line, 1):
        if at >= shown:
            return number
        at += _TAB if character == "\t" else 1
    return len(line) + 1
