"""The engine that asks an `opa` executable."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.policy.banned import BANNED
from cdk_stream.policy.engine import EngineError, EntryPoint, reference
from cdk_stream.policy.module import Module
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.text import Text

_KEPT = ("SYSTEMROOT",)  # Windows starts nothing without it
_EVAL = ("eval", "--format=json", "--strict-builtin-errors", "--stdin-input")


class OpaExecutable:
    """A `RegoEngine`: one process an answer, with no environment and in a folder of its own."""

    name = "opa"

    def __init__(self, path: str, timeout: float) -> None:
        """`path` of the executable; `timeout` in seconds, for each answer."""
        self._path = path
        self._timeout = timeout
        self._reader = Regorus()

    @cached_property
    def version(self) -> str:
        said = self._run(["version"], b"").decode("utf-8", "replace")
        for line in said.splitlines():
            if line.startswith("Version:"):
                return line.removeprefix("Version:").strip()
        raise EngineError(f"'{self._path}' is no OPA: it does not say its version")

    def read(self, path: str, text: str) -> None:
        self._reader.read(path, text)

    def modules(self) -> tuple[Module, ...]:
        return self._reader.modules()

    def texts(self) -> tuple[Text, ...]:
        return self._reader.texts()

    def builtins(self) -> frozenset[str]:
        return frozenset(known["name"] for known in self._capabilities["builtins"])

    def compile(self) -> None:
        """OPA compiles when it evaluates."""

    def evaluate(
        self, document: bytes, data: Mapping[str, Any], entries: Sequence[EntryPoint]
    ) -> list[Any]:
        query = f"[{','.join(reference(entry) for entry in entries)}]"
        with tempfile.TemporaryDirectory() as folder:
            rego = self._written(Path(folder), data)
            said = self._run([*_EVAL, *rego, query], document, folder)
        answer = self._parsed(said)
        if not answer.get("result"):
            raise EngineError("OPA gave no answer: some rule it was asked for is undefined")
        answers = answer["result"][0]["expressions"][0]["value"]
        if not isinstance(answers, list) or len(answers) != len(entries):
            raise EngineError("OPA did not answer every question")
        return answers

    @cached_property
    def _capabilities(self) -> dict[str, Any]:
        said = self._run(["capabilities", "--current"], b"")
        try:
            found: dict[str, Any] = orjson.loads(said)
        except ValueError as error:
            raise EngineError(f"'{self._path}' is no OPA: it lists no capabilities") from error
        return found

    def _written(self, folder: Path, data: Mapping[str, Any]) -> list[str]:
        """Put everything into `folder`; the arguments that name it."""
        for number, text in enumerate(self.texts()):
            (folder / f"{number}.rego").write_bytes(text.source)
        (folder / "data.json").write_bytes(orjson.dumps(dict(data)))
        known = self._capabilities
        allowed = [known_ for known_ in known["builtins"] if known_["name"] not in BANNED]
        limits = {**known, "builtins": allowed, "allow_net": []}
        (folder / "capabilities.json").write_bytes(orjson.dumps(limits))
        files = [*(f"{number}.rego" for number in range(len(self.texts()))), "data.json"]
        return ["--capabilities=capabilities.json", *(f"--data={file}" for file in files)]

    def _run(self, arguments: Sequence[str], stdin: bytes, folder: str | None = None) -> bytes:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            done = subprocess.run(
                [self._path, *arguments],
                input=stdin,
                capture_output=True,
                cwd=folder,
                env=environment,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise EngineError(f"OPA gave no answer within {self._timeout:g} s") from late
        except OSError as error:
            raise EngineError(f"'{self._path}' cannot be run: {error.strerror}") from error
        if done.returncode and not done.stdout.lstrip().startswith(b"{"):
            told = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            raise EngineError(f"OPA failed: {told.splitlines()[0] if told else done.returncode}")
        return done.stdout

    def _parsed(self, said: bytes) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = orjson.loads(said)
        except ValueError as error:
            raise EngineError("OPA's answer is not JSON") from error
        for told in answer.get("errors", ()):
            raise blamed(told, self.texts())
        return answer


def blamed(told: Mapping[str, Any], texts: Sequence[Text]) -> EngineError:
    """An error of OPA's, at the file that it calls `0.rego` or `RUN/0`."""
    where = told.get("location") or {}
    number = Path(str(where.get("file", ""))).stem
    known = number.isdigit() and int(number) < len(texts)
    path = texts[int(number)].path if known else ""
    return EngineError(
        str(told.get("message", told)), path, where.get("row", 0), where.get("col", 0)
    )
