"""Parameters have a type, a default and bounds, and some are not the project's to set."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.policy.bundle import PolicyBundle, project_bundle
from cdk_stream.policy.parameter import Parameter, faults, parameter
from cdk_stream.problems import Refused
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.decide import decide

TEXT = """# METADATA
# custom:
#   id: size
#   severity: error
#   owner: platform
#   params:
#     most:
#       type: integer
#       minimum: 1
#       default: 3
#       description: columns that a node may have
#     names: { type: array, items: { type: string, pattern: "^[a-z]+$" }, default: [] }
#     regions: { type: object, additionalProperties: { enum: [EU, US] }, default: {} }
#     fixed: { type: number, default: 0.5, overridable: false }
#     mode: { enum: [soft, hard], default: soft }
#     plain: true
package stream.rules.size

deny contains sprintf("%v", [data.params.size])
"""


def bundle(text: str = TEXT) -> PolicyBundle:
    return project_bundle({"policies/size.rego": text})


def judge(**params: Any) -> str:
    settings = PolicySettings(params={"size": params})
    (found,) = decide(b'{"nodes":{}}', [bundle()], settings, {}).decisions
    return found.message


def test_defaults_are_read_where_the_project_says_nothing() -> None:
    assert judge() == (
        '{"fixed": 0.5, "mode": "soft", "most": 3, "names": [], "plain": true, "regions": {}}'
    )


def test_the_project_says_others() -> None:
    said = judge(most=1, names=["a"], regions={"x": "EU"}, mode="hard", plain=False, fixed=0.5)
    assert said == (
        '{"fixed": 0.5, "mode": "hard", "most": 1, "names": ["a"], "plain": false, '
        '"regions": {"x": "EU"}}'
    )


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"most": 0}, "'most' is less than 1: 0\n    columns that a node may have"),
        ({"most": "3"}, "'most' is not an integer: '3'"),
        ({"most": True}, "'most' is not an integer: True"),
        ({"names": "a"}, "'names' is not a list: 'a'"),
        ({"names": ["a", "B"]}, r"'names\[1\]' does not match \^\[a-z\]\+\$: 'B'"),
        ({"regions": {"x": "CH"}}, "'regions.x' is none of EU, US: 'CH'"),
        ({"mode": "off"}, "'mode' is none of soft, hard: 'off'"),
        ({"plain": "yes"}, "'plain' is not a boolean: 'yes'"),
        ({"fixed": 0.9}, "policy 'size' lets no project set its parameter 'fixed'\n.*'platform'"),
    ],
)
def test_other_values_are_refused(params: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=f"stream_project.yml: CS713 .*{told}"):
        judge(**params)


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("{ type: integer }", "parameter 'most' has no default"),
        ("{ type: integer, default: x }", "the default of a parameter does not fit: 'most' is not"),
        ("{ type: int, default: 1 }", "parameter 'most' has no type 'int'"),
        ("{ type: integer, default: 1, minimun: 1 }", "did you mean 'minimum'"),
        (
            "{ type: integer, default: 1, minimum: x }",
            "'minimum' of parameter 'most' has the wrong",
        ),
        ("{ type: integer, default: 1, overridable: never }", "'overridable' of parameter 'most'"),
        ("{ type: string, default: x, pattern: '(' }", "is not a regular expression"),
        ("{ type: array, default: [], items: { typo: 1 } }", "parameter 'most' has no 'typo'"),
    ],
)
def test_a_wrong_declaration_is_refused(declared: str, told: str) -> None:
    lines = TEXT.splitlines()
    start = lines.index("#     most:")
    text = "\n".join([*lines[:start], f"#     most: {declared}", *lines[start + 5 :]])
    with pytest.raises(Refused, match=rf"policies/size\.rego:1: CS704 .*{told}"):
        decide(b"{}", [bundle(text)], PolicySettings(), {})


def test_a_default_alone_gives_the_type() -> None:
    assert parameter("a", [1, 2]) == Parameter(
        [1, 2], {"type": "array", "items": {"type": "integer"}}
    )
    assert parameter("a", {"x": 1}) == Parameter({"x": 1}, {"type": "object"})
    assert list(faults(1.5, parameter("a", 1).schema, "a")) == ["'a' is not an integer: 1.5"]


PLAIN = st.recursive(
    st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(PLAIN)
def test_any_default_fits_itself(value: Any) -> None:
    try:
        known = parameter("a", value)
    except ValueError:  # it looks like a schema
        assert {"type", "enum"} & value.keys()
    else:
        assert list(faults(value, known.schema, "a")) == []
