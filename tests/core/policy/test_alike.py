"""What nobody would write is judged alike as well: policies by chance, and no quiet difference."""

from __future__ import annotations

import os
from typing import Any

import orjson

from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError, EntryPoint, RegoEngine
from cdk_stream.policy.lint.check import lint
from cdk_stream.policy.lint.shape import ANYTHING
from cdk_stream.policy.regorus import Regorus
from cdk_stream.resources.engine import Opa

from .author import DOCUMENT, Author
from .test_engines import HERE

DENY = EntryPoint(("stream", "rules", "f"), "deny")
COUNT = int(os.environ.get("CDK_STREAM_FUZZ", "2000")) // 10


def said(engine: RegoEngine, text: str) -> Any:
    """What `deny` holds, in one order for all engines; None when it is refused."""
    try:
        engine.read("a.rego", text)
        if lint(engine.texts(), [], ANYTHING):
            return None
        (found,) = engine.evaluate(orjson.dumps(DOCUMENT), {}, [DENY])
    except EngineError:
        return None
    return _sorted(found)


def _sorted(value: Any) -> Any:
    """Engines put sets among objects in another order when they write them down."""
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=orjson.dumps)
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value


def test_policies_by_chance_are_judged_alike(opa_server: str) -> None:
    judged = 0
    for seed in range(COUNT):
        text = Author(seed).policy()
        mine = said(Regorus(), text)
        if mine is None:
            continue
        opas = said(engine_for(Opa(server=f"http://{opa_server}"), HERE), text)
        if opas is None:  # its compiler knows more types
            continue
        judged += 1
        assert mine == opas, text
    assert judged > COUNT / 10


def test_an_author_says_the_same_again() -> None:
    assert Author(1).policy() == Author(1).policy() != Author(2).policy()
