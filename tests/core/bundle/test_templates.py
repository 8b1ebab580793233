"""Test templates and security macros of bundles, used by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.core.bundle.house import ORDERS, House, commit

USES = "  - name: pii\n    model: orders\n    template: pii_basics\n    with: { column: email }\n"
SECURED = ORDERS.replace(
    "    materialized: virtual_topic\n",
    "    materialized: virtual_topic\n    security:\n      use: USE\n",
)


def tested(house: House, test: str = USES) -> None:
    house.pinned()
    (house.project / "tests/pii.yml").write_text(f"tests:\n{test}", encoding="utf-8")


def secured(house: House, use: str) -> None:
    house.pinned()
    (house.project / "models/orders.yml").write_text(SECURED.replace("USE", use), encoding="utf-8")


def manifest(house: House) -> dict[str, Any]:
    assert house.run("compile")[0] == 0
    found: dict[str, Any] = json.loads((house.project / "target/manifest.json").read_text())
    return found


def test_a_template_gives_its_assertions(house: House) -> None:
    tested(house)
    node = manifest(house)["nodes"]["test.pii"]
    assert node["template"] == "acme/pii_basics"
    assert node["with"] == {"column": "email", "longest": 64}
    assert node["assertions"] == [
        {"kind": "not_null", "column": ["email"]},
        {"kind": "sql", "expression": "CHAR_LENGTH(email) <= 64"},
    ]
    assert node["on_failure"] == {"severity": "warn"}


def test_a_tests_own_words_stand_beside_and_above(house: House) -> None:
    own = "    assertions:\n      - not_null: { column: id }\n    on_failure: { severity: error }\n"
    tested(house, USES + own)
    node = manifest(house)["nodes"]["test.pii"]
    assert [one["kind"] for one in node["assertions"]] == ["not_null", "not_null", "sql"]
    assert node["on_failure"].get("severity", "error") == "error"


def test_a_macro_gives_its_rules(house: House) -> None:
    secured(house, "[{ macro: personal, with: { columns: [email] } }]")
    security = manifest(house)["nodes"]["model.orders"]["security"]
    assert security == {
        "policies": [
            {"mask": {"column": ["email"]}},
            {"allow": {"roles": ["support"], "columns": ["email"], "purpose": "care"}},
        ],
        "use": [{"macro": "acme/personal", "with": {"columns": ["email"], "roles": ["support"]}}],
    }
    assert house.verdict()["passed"]


def test_what_was_expanded_is_explained(house: House) -> None:
    tested(house)
    status, said = house.run("explain", "pii")
    assert status == 0
    assert "gets from templates and macros\n" in said
    assert '  acme/pii_basics  {"kind":"not_null","column":["email"]}\n' in said
    found = json.loads(house.run("explain", "pii", "--format", "json")[1])
    assert [one["from"] for one in found["expanded"]] == ["acme/pii_basics"] * 2


@pytest.mark.parametrize(
    ("test", "line", "code", "told"),
    [
        (USES.replace("pii_basics", "pii_basic"), 4, "CS740",
         "no bundle of the project has a template 'pii_basic'"),
        (USES.replace("pii_basics", "acme/none"), 4, "CS740",
         "no bundle of the project has a template 'acme/none'"),
        (USES.replace("email", "mail"), 4, "CS404",
         "there is no column 'mail' in 'orders', says 'acme/pii_basics'"),
        (USES.replace("column:", "colum:"), 5, "CS741",
         "template 'acme/pii_basics' has no parameter 'colum'"),
        (USES.replace("{ column: email }", "{ column: [email] }"), 5, "CS741",
         "a parameter of template 'acme/pii_basics' does not fit: 'column' is not text: ['email']"),
        (USES.replace("email }", "email, longest: 0 }"), 5, "CS741",
         "a parameter of template 'acme/pii_basics' does not fit: 'longest' is less than 1: 0"),
        (USES.replace("    with: { column: email }\n", ""), 4, "CS741",
         "template 'acme/pii_basics' needs the parameter 'column'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_the_author_wrote(
    house: House, test: str, line: int, code: str, told: str
) -> None:
    tested(house, test)
    assert ("tests/pii.yml", line, code, told) in house.problems()


def test_near_names_are_suggested(house: House) -> None:
    tested(house, USES.replace("pii_basics", "pii_basic"))
    assert "did you mean 'pii_basics'?" in house.run("check")[1]


@pytest.mark.parametrize(
    ("use", "code", "told"),
    [
        ("persnal", "CS740", "no bundle of the project has a macro 'persnal'"),
        ("personal", "CS741", "macro 'acme/personal' needs the parameter 'columns'"),
        ("[{ macro: personal, with: { columns: [mail] } }]", "CS501",
         "there is no column 'mail' in 'orders', says 'acme/personal'"),
        ("[{ macro: personal, with: { columns: [email], roles: [nobody] } }]", "",
         "'nobody'"),
    ],
)  # fmt: skip
def test_a_macro_that_does_not_fit(house: House, use: str, code: str, told: str) -> None:
    secured(house, use)
    found = house.problems()
    line = SECURED.splitlines().index("      use: USE") + 1
    assert [one for one in found if one[1] == line and code in one[2] and told in one[3]], found


def test_without_a_bundle_there_is_nothing_to_use(house: House) -> None:
    tested(house)
    house.lists()
    ((path, line, code, message),) = house.problems()
    assert (path, line, code) == ("tests/pii.yml", 4, "CS740")
    assert message == "the project lists no policy bundle, which templates and macros come from"


def test_two_templates_of_one_name_are_told_apart(house: House) -> None:
    other = house.folder / "other"
    template = "assertions:\n  - not_null: { column: id }\n"
    files = {"bundle.yml": "name: other\n", "templates/pii_basics.yml": template}
    tested(house)
    house.lists(
        f'git: "{house.address}", commit: {house.first}',
        f'git: "file://{other}", commit: {commit(other, files)}',
    )
    house.fetch()
    assert [code for _, _, code, _ in house.problems()] == ["CS740"]
    assert "write 'acme/pii_basics' or 'other/pii_basics'" in house.run("check")[1]
    (house.project / "tests/pii.yml").write_text(
        "tests:\n  - { name: pii, model: orders, template: other/pii_basics }\n"
    )
    assert house.verdict()["passed"]


def test_another_template_is_compiled_anew(house: House) -> None:
    tested(house)
    assert len(manifest(house)["nodes"]["test.pii"]["assertions"]) == 2
    template = "params: { column: { type: string } }\nassertions:\n  - not_null: { column: id }\n"
    house.pinned(commit(house.rules, {"templates/pii_basics.yml": template}))
    (found,) = manifest(house)["nodes"]["test.pii"]["assertions"]
    assert found == {"kind": "not_null", "column": ["id"]}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("assertions:\n  - not_nul: { column: id }\n", 2, "unknown key 'not_nul'"),
        ("assertions:\n  - not_null: { colum: id }\n", 2, "unknown key 'colum'"),
        ("assertions:\n  - not_null: { column: '{{ colum }}' }\n", 2,
         "'{{ colum }}' is none of its parameters"),
        ("params: { a: { type: strng } }\nassertions: [{ not_null: { column: id } }]\n", 1,
         "parameter 'a' has no type 'strng'"),
        ("params: {}\n", 1, "it has no 'assertions:'"),
    ],
)  # fmt: skip
def test_a_faulty_template_is_its_owners(house: House, text: str, line: int, told: str) -> None:
    second = commit(house.rules, {"templates/pii_basics.yml": text})
    house.lists(f'git: "{house.address}", commit: {second}')
    status, said = house.run("policy", "fetch")
    assert status == 1
    assert f"acme@{second[:7]}/templates/pii_basics.yml:{line}" in said
    assert f"CS742 {told}" in said


def test_an_expansion_that_is_nothing_here(house: House) -> None:
    """What depends on the arguments is told to who gave them."""
    template = """\
params: { wait: { type: string } }
assertions:
  - unique_key: { key: id, window: "{{ wait }}" }
"""
    second = commit(house.rules, {"templates/pii_basics.yml": template})
    tested(house, USES.replace("column: email", "wait: soon"))
    house.pinned(second)
    ((path, line, code, message),) = house.problems()
    assert (path, line, code) == ("tests/pii.yml", 4, "CS743")
    assert message.startswith("template 'acme/pii_basics' does not fit here: 'soon' is not a dur")
