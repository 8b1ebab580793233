"""The embedded engine answers everything it is asked, or says why not."""

from __future__ import annotations

import pytest

from cdk_stream.policy.engine import EngineError, EntryPoint
from cdk_stream.policy.module import Head
from cdk_stream.policy.regorus import Regorus

PACKAGE = "package stream.rules.a\n"
DENY = EntryPoint(("stream", "rules", "a"), "deny")


def engine(text: str) -> Regorus:
    made = Regorus()
    made.read("a.rego", PACKAGE + text)
    return made


def test_it_says_its_version() -> None:
    assert Regorus().version.split(".")[0].isdigit()


def test_answers_come_in_the_order_asked() -> None:
    made = engine("deny contains input.x\nwarn contains data.params.y if true\n")
    warn = DENY._replace(rule="warn")
    assert made.evaluate(b'{"x": "1"}', {"params": {"y": "2"}}, [warn, DENY]) == [["2"], ["1"]]


def test_nothing_found_is_an_empty_answer() -> None:
    assert engine("deny contains 1 if input.x").evaluate(b"{}", {}, [DENY]) == [[]]


def test_a_question_without_an_answer_is_an_error() -> None:
    with pytest.raises(EngineError, match="gave no answer"):
        engine("x := 1").evaluate(b"{}", {}, [DENY])


def test_input_that_is_not_json_is_an_error() -> None:
    with pytest.raises(EngineError):
        engine("deny contains 1").evaluate(b"{", {}, [DENY])


@pytest.mark.parametrize(
    ("rule", "line", "column", "message"),
    [
        ("deny contains x if {\n\tx := 1/0\n}", 3, 8, "divide by zero"),
        ("deny contains x if y := 1", 2, 15, "var x is unsafe"),
        ('deny contains to_number("x")', 2, 26, "could not parse string as number"),
        ("x := 1 if true\nx := 2 if true\ndeny contains x", 3, 1, "rule conflicts with rule at"),
    ],
)
def test_errors_have_a_place_and_no_stack(
    rule: str, line: int, column: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "1")
    with pytest.raises(EngineError) as caught:
        engine(rule).evaluate(b"{}", {}, [DENY])
    error = caught.value
    assert (error.path, error.line, error.column) == ("a.rego", line, column)
    assert error.message.startswith(message)
    assert "backtrace" not in error.message
    assert "\n" not in error.message


def test_a_panic_of_the_engine_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EngineError, match="the engine broke off: window size must be non-zero"):
        engine('deny contains strings.count("abc", "")').evaluate(b"{}", {}, [DENY])
    capfd.readouterr()


def test_it_knows_its_functions() -> None:
    known = Regorus().builtins()
    assert {"sprintf", "graph.reachable", "print"} <= known
    assert "crypto.sha256" not in known


TEXT = """
import data.stream.lib
import data.stream.lib.small as tiny

deny contains v if {
	some id in lib["nodes"]
	v := upper(tiny(id))
	data.params[id].x
}

count_[x] := y if some x, y in input.z

f(a) := http["send"](a)

default g := 1
"""


def test_it_reads_what_a_file_declares_and_uses() -> None:
    (module,) = engine(TEXT).modules()
    assert (module.path, module.package, module.line) == ("a.rego", ("stream", "rules", "a"), 1)
    assert module.heads == (
        Head("deny", True, 6, 1),
        Head("count_", False, 12, 1),
        Head("f", False, 14, 1),
        Head("g", False, 16, 9),
    )
    used = {(".".join(mention.name), mention.call) for mention in module.mentions}
    assert used == {
        ("data.stream.lib.nodes", False),
        ("upper", True),
        ("data.stream.lib.small", True),
        ("data.params", False),
        ("http.send", True),
    }
