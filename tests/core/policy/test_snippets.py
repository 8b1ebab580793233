"""What authors write is judged alike by every engine, or refused by name: never silently empty.

snippets/*.rego hold policies, each below its `# === name`; snippets/*.json hold what OPA says of
each, or the codes by which it is refused at load. CDK_STREAM_WRITE=1 in the environment renews
them, and needs a real OPA.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import load_policies
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError, EntryPoint, RegoEngine
from cdk_stream.policy.regorus import Regorus
from cdk_stream.problems import Refused
from cdk_stream.resources.engine import Opa
from cdk_stream_policies import register_policies

FOLDER = Path(__file__).parent / "snippets"
INPUT = (FOLDER / "input.json").read_bytes()
HEAD = """# METADATA
# custom: {id: snippet, severity: error, params: {most: 3}}
package stream.rules.snippet

"""
LIBRARY = {
    path: text
    for bundle in register_policies()
    for path, text in bundle.modules.items()
    if path.endswith("/lib.rego")
}
DATA = {"params": {"snippet": {"most": 3}}}
DENY = EntryPoint(("stream", "rules", "snippet"), "deny")
MARK = re.compile(r"^# === (.+)\n", re.MULTILINE)


def written() -> dict[str, str]:
    """File and name -> the policy."""
    found = {}
    for path in sorted(FOLDER.glob("*.rego")):
        parts = MARK.split(path.read_text(encoding="utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            assert (path.stem, name) not in found
            found[f"{path.stem}: {name}"] = HEAD + text
    return found


SNIPPETS = written()


def expected() -> dict[str, Any]:
    return {
        f"{path.stem}: {name}": answer
        for path in sorted(FOLDER.glob("*.json"))
        if path.name != "input.json"
        for name, answer in orjson.loads(path.read_bytes()).items()
    }


EXPECTED = expected()


@cache
def codes(text: str) -> tuple[str, ...]:
    """The codes by which the policy is refused at load."""
    bundle = PolicyBundle("snippet", {**LIBRARY, "policies/snippet.rego": text})
    try:
        load_policies([bundle], Regorus())
    except Refused as refused:
        return tuple(sorted({problem.code for problem in refused.problems}))
    return ()


def answer(text: str, engine: RegoEngine) -> Any:
    """What `deny` holds; `error` when the engine refuses."""
    try:
        for path, library in LIBRARY.items():
            engine.read(path, library)
        engine.read("policies/snippet.rego", text)
        found = engine.evaluate(INPUT, DATA, [DENY])[0]
    except EngineError:
        return "error"
    return found


@pytest.mark.parametrize("name", SNIPPETS)
def test_the_embedded_engine_says_what_opa_says(name: str) -> None:
    if refusals := codes(SNIPPETS[name]):
        assert EXPECTED[name] == {"refused": list(refusals)}
    else:
        assert answer(SNIPPETS[name], Regorus()) == EXPECTED[name]


def test_opa_says_what_is_written_down(opa_server: str) -> None:
    said = {}
    for name, text in SNIPPETS.items():
        refusals = codes(text)
        engine = engine_for(Opa(server=f"http://{opa_server}"), FOLDER)
        said[name] = {"refused": list(refusals)} if refusals else answer(text, engine)
    if os.environ.get("CDK_STREAM_WRITE"):
        write(said)
    assert expected() == said


def test_what_is_refused_is_no_policy_that_most_would_write() -> None:
    refused = [name for name, said in EXPECTED.items() if said != "error" and "refused" in said]
    judged = len(EXPECTED) - len(refused)
    assert judged >= 150
    assert len(EXPECTED) == len(SNIPPETS)


def write(said: dict[str, Any]) -> None:
    files: dict[str, dict[str, Any]] = {}
    for name, found in said.items():
        file, _, title = name.partition(": ")
        files.setdefault(file, {})[title] = found
    for file, answers in files.items():
        lines = (
            f" {orjson.dumps(title).decode()}: {orjson.dumps(found).decode()}"
            for title, found in answers.items()
        )
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        (FOLDER / f"{file}.json").write_text(text, encoding="utf-8")
