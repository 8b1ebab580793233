"""OPA's own cases for every function that the bundled policies and the documentation call.

Each must be answered as OPA does, or be refused before anything is judged. With
`strict-builtin-errors`, what OPA leaves undefined for an error of a function is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from cdk_stream.policy.bundle import TEST_SUFFIX
from cdk_stream.policy.engine import EngineError, EntryPoint
from cdk_stream.policy.lint.check import lint
from cdk_stream.policy.lint.shape import ANYTHING
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.signature import signatures
from cdk_stream_policies import register_policies
from tests import opa

ROOT = Path(__file__).parents[3]
CALL = re.compile(r"(?<![\w.])([a-z_][\w]*(?:\.[a-z_]\w*)*)\(")
QUERY = re.compile(r"^data((?:\.\w+)+) = x$")


@cache
def used() -> frozenset[str]:
    """The functions called in the bundled policies and in the Rego of the documentation."""
    texts = [text for bundle in register_policies() for text in bundle.modules.values()]
    for path in (ROOT / "docs").rglob("*.md"):
        page = path.read_text(encoding="utf-8")
        texts += re.findall(r"^```rego[^\n]*\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for path in (ROOT / "policies").rglob(f"*{TEST_SUFFIX}"):
        texts.append(path.read_text(encoding="utf-8"))
    return frozenset(name for text in texts for name in CALL.findall(text) if name in signatures())


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """The cases that are about functions which policies use, by name."""
    folder = opa.conformance()
    if folder is None:
        return
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = Regorus().builtins()
    for path in sorted(folder.glob("*/*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), loader)["cases"]:
            called = set(CALL.findall("\n".join(case.get("modules", ())))) & signatures().keys()
            plain = QUERY.match(case["query"]) and _has_input(case)
            if plain and called & used() and called <= known:
                yield f"{path.parent.name}: {case['note']}", case


def _has_input(case: dict[str, Any]) -> bool:
    """Whether its input is JSON, as Rego's terms of some cases are too; a policy always has one."""
    if "input_term" in case:
        try:
            case["input"] = orjson.loads(case["input_term"])
        except ValueError:
            return False
    return "input" in case or "input" not in "".join(case.get("modules", ()))


CASES = list(cases())


def said(case: dict[str, Any]) -> Any:
    """What the engine answers; `error`, `undefined`, or `refused` when it is not even asked."""
    engine = Regorus()
    names = QUERY.match(case["query"])
    assert names
    *package, rule = names[1][1:].split(".")
    try:
        for number, text in enumerate(case.get("modules", ())):
            engine.read(f"{number}.rego", text)
        if lint(engine.texts(), [], ANYTHING):
            return "refused"
    except EngineError:
        return "refused"
    entry = EntryPoint(tuple(package), rule)
    try:
        document = orjson.dumps(case.get("input", {}))
        return engine.evaluate(document, case.get("data", {}), [entry])[0]
    except EngineError as error:
        return "undefined" if "gave no answer" in error.message else "error"


def wanted(case: dict[str, Any]) -> Any:
    if "want_error_code" in case or "want_error" in case:
        return "error"
    return case["want_result"][0]["x"] if case.get("want_result") else "undefined"


def fine(case: dict[str, Any]) -> set[str]:
    """What may be said besides what OPA says: nothing is evaluated, or an error is told."""
    return {"refused", "error"} if wanted(case) == "undefined" else {"refused"}


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_case(case: dict[str, Any]) -> None:
    answer = said(case)
    assert answer == wanted(case) or (isinstance(answer, str) and answer in fine(case))


def test_there_are_cases_and_most_are_judged(opa_path: str) -> None:
    refused = sum(said(case) == "refused" for _, case in CASES)
    assert len(CASES) > 200
    assert refused < len(CASES) / 4
