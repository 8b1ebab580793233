"""What is compiled is what the Gateway's API takes; what is wrong it does not take."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cdk_stream_proxy.api import faults
from tests.gateway.contract import Contract
from tests.gateway.drawing import plans
from tests.gateway.files import Made, compile_files, compile_folder, made_of
from tests.gateway.plan import Plan
from tests.gateway.reference.masks import hidden

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TABLE: Any = yaml.safe_load((HERE / "wrong.yml").read_text(encoding="utf-8"))
WRONG, UNSAFE = TABLE["wrong"], TABLE["unsafe"]
SENT = {"interceptor": "Interceptor", "group": "GatewayGroup"}
"""The kinds of artefacts that are bodies of requests."""
OURS = set(SENT.values())
PROJECTS = [
    ROOT / "examples" / "fraud",
    ROOT / "tests" / "projects" / "fraud",
    ROOT / "tests" / "projects" / "payments",
    *sorted((HERE / "projects").iterdir()),
]


def broken(case: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = copy.deepcopy(TABLE["right"][case["of"]])
    for path, value in case.get("set", {}).items():
        *steps, last = _steps(path)
        _at(body, steps)[last] = value
    for path in case.get("drop", ()):
        *steps, last = _steps(path)
        del _at(body, steps)[last]
    return body


def _steps(path: str) -> list[Any]:
    return [int(step) if step.isdecimal() else step for step in path.split(".")]


def _at(body: Any, steps: list[Any]) -> Any:
    for step in steps:
        body = body[step]
    return body


def _schema(name: str) -> str:
    return str(TABLE["right"][name]["kind"])


def sent(artifacts: list[Made]) -> list[tuple[str, Any]]:
    return [(SENT[made.kind], made.spec) for made in artifacts if made.kind in SENT]


@pytest.mark.parametrize("name", TABLE["right"])
def test_a_right_body_is_taken(name: str, contract: Contract) -> None:
    body = TABLE["right"][name]
    assert contract.resource(body["kind"], body) == []
    if body["kind"] in OURS and name != "quality":
        assert faults(body) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case['of']}: {case['because']}")
def test_a_wrong_body_is_refused(case: dict[str, Any], contract: Contract) -> None:
    body = broken(case)
    assert contract.resource(_schema(case["of"]), body)
    assert faults(body)


@pytest.mark.parametrize("case", UNSAFE, ids=lambda case: f"{case['of']}: {case['because']}")
def test_a_body_that_lets_data_out_is_never_sent(case: dict[str, Any]) -> None:
    assert faults(broken(case))


def test_the_list_of_wrong_bodies_is_long() -> None:
    assert len({str(broken(case)) for case in WRONG}) == len(WRONG) >= 60


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_body_of_a_project_is_taken(folder: Path, contract: Contract) -> None:
    compiled = compile_folder(folder)
    assert compiled.compilation.ok
    bodies = sent(made_of(compiled))
    assert bodies
    for schema, body in bodies:
        assert contract.resource(schema, body) == faults(body) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_every_body_of_a_random_project_is_taken(plan: Plan, contract: Contract) -> None:
    compiled = compile_files(plan.files())
    assume(compiled.compilation.ok)
    for schema, body in sent(made_of(compiled)):
        assert contract.resource(schema, body) == faults(body) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_interceptors_that_meet_have_an_order_or_need_none(plan: Plan) -> None:
    """The order of equal priorities is not defined; masks of one field come out alike in any."""
    compiled = compile_files(plan.files())
    assume(compiled.compilation.ok)
    made = [body["spec"] for kind, body in sent(made_of(compiled)) if kind == "Interceptor"]
    numbers: dict[int, set[tuple[int, int]]] = {}
    for spec in made:
        plugin = spec["pluginClass"].rpartition(".")[2]
        low, high = band = BANDS[plugin]
        numbers.setdefault(spec["priority"], set()).add(band)
        assert low <= spec["priority"] <= high
    assert all(len(bands) == 1 for bands in numbers.values())


BANDS = {
    "EncryptPlugin": (300, 399),
    "DecryptPlugin": (400, 499),
    "VirtualSqlTopicPlugin": (500, 599),
    "CelTopicPlugin": (500, 599),
    "FieldLevelDataMaskingPlugin": (700, 799),
}
RULES = st.sampled_from(["MASK_ALL", "MASK_FIRST_N", "MASK_LAST_N"]).flatmap(
    lambda kind: st.integers(1, 20).map(lambda count: {"type": kind, "numberOfChars": count})
)


@given(value=st.text(max_size=20), one=RULES, other=RULES)
def test_masks_of_one_field_come_out_alike_in_any_order(
    value: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert hidden(hidden(value, one), other) == hidden(hidden(value, other), one)
