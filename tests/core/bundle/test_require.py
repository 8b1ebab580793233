"""Bundles that whoever runs the check asks for; and the engine that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.bundle.house import House, commit, git

ASKED = "bundles:\n  - name: acme\n    source: URL\n"


def required(house: House, text: str = ASKED) -> Path:
    file = house.folder / "platform" / "bundles.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace("URL", house.address), encoding="utf-8")
    return file


def test_a_project_without_the_bundle_is_refused(house: House) -> None:
    file = required(house)
    assert house.verdict()["passed"]
    ((path, line, code, message),) = house.problems("--require", str(file))
    assert (path, code) == ("stream_project.yml", "CS738")
    assert message == "the platform requires the policy bundle 'acme'"
    assert (house.project / path).read_text().splitlines()[line - 1].startswith("policies:")
    house.pinned()
    assert house.verdict("--require", str(file))["passed"]


def test_a_variable_asks_as_well(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_STREAM_REQUIRED_BUNDLES", str(required(house)))
    assert [code for _, _, code, _ in house.problems()] == ["CS738"]
    monkeypatch.setenv("CDK_STREAM_REQUIRED_BUNDLES", "/none/such.yml")
    assert house.run("check")[0] == 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("minimum: 1.3", "version 1.2.0 is older than 1.3"),
        ("minimum: 1.10.0", "version 1.2.0 is older than 1.10.0"),
        ("pin: " + "0" * 39 + "a", "not commit "),
        ("path: rules", "not from its folder ''"),
        ("source: https://git.acme.test/rules.git", "not from file://"),
        ("minimum: 1.2.0", ""),
        ("minimum: '1'", ""),
        ("pin: FIRST", ""),
    ],
)
def test_a_bundle_from_elsewhere_or_too_old(house: House, asked: str, told: str) -> None:
    text = ASKED.replace("    source: URL\n", "") if "source" in asked else ASKED
    file = required(house, f"{text}    {asked}\n".replace("FIRST", house.first))
    house.pinned()
    found = house.problems("--require", str(file))
    assert [code for _, _, code, _ in found] == (["CS738"] if told else [])
    assert all(told in message for _, _, _, message in found)


def test_another_bundle_of_the_name_does_not_do(house: House) -> None:
    """A fork with the same bundle.yml and no rules."""
    fork = house.folder / "fork"
    second = commit(fork, {"bundle.yml": "name: acme\nversion: 9.0.0\n"})
    house.lists(f'git: "file://{fork}", commit: {second}')
    house.fetch()
    found = house.problems("--require", str(required(house)))
    assert [code for _, _, code, _ in found] == ["CS738"]


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("bundles:\n  - name: acme\n", 2, "says neither `source:` nor `pin:` of 'acme'"),
        ("bundles:\n  - nme: acme\n", 1, "unknown key 'nme'"),
        ("bundles:\n  - { name: acme, source: x, minimum: new }\n", 1, "'new' is not a version"),
        ("[", 1, "CS101"),
        ("", 1, "what stands here must be a mapping"),
    ],
)
def test_a_file_that_asks_for_nothing(house: House, text: str, status: int, told: str) -> None:
    found, said = house.run("check", "--require", str(required(house, text)))
    assert (found, told in said) == (status, True), said


def test_the_file_is_none_of_the_projects(house: House) -> None:
    (house.project / "platform.yml").write_text(ASKED)
    commit(house.project)
    status, said = house.run("check", "--require", "platform.yml")
    assert status == 2
    assert "is part of the project's repository: a change could rewrite it" in said
    assert house.run("check", "--require", "")[0] == 2


def test_the_operator_names_the_engine(house: House) -> None:
    house.lists(engine={"opa": "/none/such/opa"})
    assert [code for _, _, code, _ in house.problems()] == ["CS710"]
    assert house.verdict("--engine", "embedded")["passed"]
    house.lists()
    found = house.problems("--engine", "/none/such/opa")
    assert [code for _, _, code, _ in found] == ["CS710"]
    assert [code for _, _, code, _ in house.problems("--engine", "https://127.0.0.1:1")] == [
        "CS710"
    ]
    assert house.run("check", "--engine", "")[0] == 2


def test_with_a_base_its_engine_counts_and_the_operators_above(house: House) -> None:
    commit(house.project)
    git(house.project, "checkout", "--quiet", "-b", "change")
    house.lists(engine={"opa": "/none/such/opa"})
    assert house.verdict("--base", "main")["passed"]
    found = house.problems("--base", "main", "--engine", "/none/such/opa")
    assert [code for _, _, code, _ in found] == ["CS710"]


def test_a_real_opa_judges_bundles_alike(house: House, opa_path: str) -> None:
    house.pinned()
    assert house.verdict("--engine", opa_path)["passed"]
    text = (house.project / "models/orders.yml").read_text()
    bare = text.replace("    description: orders as they come\n", "")
    (house.project / "models/orders.yml").write_text(bare)
    found = house.verdict("--engine", opa_path)
    assert found["decisions"] == house.verdict()["decisions"]
    assert {one["policy"] for one in found["decisions"]} == {"described"}


def test_a_file_that_is_not_there(house: House) -> None:
    found, said = house.run("check", "--require", "nowhere.yml")
    assert (found, "nowhere.yml': No such file or directory" in said) == (2, True), said
