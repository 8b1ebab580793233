"""What a bundle lays down, and how a team's project cannot get around it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.bundle.house import RULE, House, commit, git
from tests.core.waive.test_check import day

FREE = "name: acme\nversion: 1.2.0\n"


def lays(house: House, terms: str, **policies: Any) -> None:
    """The project lists a bundle with these terms."""
    house.pinned(commit(house.rules, {"bundle.yml": f"name: acme\n{terms}"}), **policies)


@pytest.mark.parametrize("level", ["off", "warn"])
def test_a_required_policy_is_not_set_weaker(house: House, level: str) -> None:
    house.pinned(levels={"described": level})
    ((path, line, code, message),) = house.problems()
    assert code == "CS735"
    assert message == f"bundle 'acme' requires policy 'described' at 'deny', not at '{level}'"
    assert "levels" in (house.project / path).read_text().splitlines()[line - 1]


def test_a_required_warning_may_be_made_a_denial(house: House) -> None:
    lays(house, "required: all\nlevels: { described: warn }\n", levels={"described": "deny"})
    assert house.verdict()["passed"]
    lays(house, "required: all\nlevels: { described: warn }\n", levels={"described": "off"})
    assert [code for _, _, code, _ in house.problems()] == ["CS735"]


def test_what_is_not_required_is_the_projects(house: House) -> None:
    lays(house, "params: { described: { words: 9 } }\n", levels={"described": "warn"})
    assert house.verdict()["passed"]
    lays(house, "params: { described: { words: 9 } }\n")
    assert not house.verdict()["passed"]
    lays(house, "params: { described: { words: 9 } }\n", params={"described": {"words": 2}})
    assert house.verdict()["passed"]


def test_parameters_of_a_required_policy_stay(house: House) -> None:
    terms = "required: [described]\nparams: { described: { words: 3 } }\n"
    lays(house, terms, params={"described": {"words": 0}})
    ((_, line, code, message),) = house.problems()
    assert code == "CS736"
    assert message == "bundle 'acme' lets no project set 'words' of its policy 'described'"
    assert line > 0
    lays(house, terms, params={"described": {"words": 3}})
    assert house.verdict()["passed"]


def test_parameters_that_the_platform_leaves_open(house: House) -> None:
    terms = "required: all\noverridable: { described: [words] }\n"
    lays(house, terms, params={"described": {"words": 30}})
    assert not house.verdict()["passed"]
    lays(house, terms, params={"described": {"words": 30, "tone": "loud"}})
    assert [code for _, _, code, _ in house.problems()] == ["CS736"]
    assert "yours to set: words" in house.run("check")[1]


def test_policies_of_the_tool_itself_are_set_and_required(house: House) -> None:
    terms = 'required: [naming]\nparams: { naming: { models: "^x_" } }\n'
    lays(house, terms)
    assert {one["policy"] for one in house.verdict()["decisions"]} == {"naming"}
    lays(house, terms, params={"naming": {"models": ""}})
    assert [code for _, _, code, _ in house.problems()] == ["CS736"]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("required: [descrbed]\n", "is about policy 'descrbed', which does not exist here"),
        ("levels: { nothing: deny }\n", "is about policy 'nothing', which does not exist here"),
        ("params: { described: { word: 1 } }\n", "policy 'described' has no parameter 'word'"),
        ("params: { described: { words: x } }\n", "'words' is not an integer: 'x'"),
        ("overridable: { described: [word] }\n", "policy 'described' has no parameter 'word'"),
    ],
)
def test_terms_about_nothing_are_the_bundles_fault(house: House, terms: str, told: str) -> None:
    lays(house, terms)
    ((path, _, code, message),) = house.problems()
    assert (code, path) == ("CS733", f"acme@{git(house.rules, 'rev-parse', 'HEAD')[:7]}/bundle.yml")
    assert told in message


@pytest.mark.parametrize(
    ("terms", "code", "told"),
    [
        ("", "CS112", "the key 'name' is missing"),
        ("name: acme\nrequire: all\n", "CS111", "unknown key 'require'"),
        ("name: acme\nlevels: { described: maybe }\n", "CS113", "is not a value of 'described'"),
        ("name: project\n", "CS733", "'project' is the name of a project's own policies"),
        ("name: [\n", "CS101", "this is not YAML"),
    ],
)
def test_a_faulty_bundle_file(house: House, terms: str, code: str, told: str) -> None:
    house.lists(f'git: "{house.address}", commit: {commit(house.rules, {"bundle.yml": terms})}')
    status, said = house.run("policy", "fetch")
    assert (status, "/bundle.yml:" in said, f"{code} " in said) == (1, True, True)
    assert told in said


def test_a_bundle_file_is_a_must(house: House) -> None:
    git(house.rules, "rm", "--quiet", "bundle.yml")
    house.lists(f'git: "{house.address}", commit: {commit(house.rules)}')
    assert "CS733 there is no bundle.yml in the bundle" in house.run("policy", "fetch")[1]


def test_faulty_rego_is_told_in_the_bundle(house: House) -> None:
    text = RULE.replace("node.description,", "node.descripton,")
    second = commit(house.rules, {"described.rego": text})
    house.pinned(second)
    ((path, line, code, message),) = house.problems()
    assert (path, line, code) == (f"acme@{second[:7]}/described.rego", 15, "CS714")
    assert "descripton" in message


def test_who_requires_a_policy_is_explained(house: House) -> None:
    house.pinned()
    _, said = house.run("policy", "explain", "described")
    assert "  level    deny; required by bundle 'acme'\n" in said
    assert f"  bundle   acme, acme@{house.first[:7]}/described.rego\n" in said
    lays(house, "params: { described: { words: 7 } }\n")
    assert "  words = 7" in house.run("policy", "explain", "described")[1]
    assert "1 finding of 1 policy" in house.run("policy", "eval", "--policy", "described")[1]


def second_bundle(house: House, files: dict[str, str]) -> str:
    other = house.folder / "other"
    return f'git: "file://{other}", commit: {commit(other, files)}'


def test_policies_of_one_name_in_two_bundles(house: House) -> None:
    other = second_bundle(house, {"bundle.yml": "name: other\n", "mine.rego": RULE})
    house.lists(f'git: "{house.address}", commit: {house.first}', other)
    house.fetch()
    assert {code for _, _, code, _ in house.problems()} == {"CS705"}


def test_a_policy_of_the_project_does_not_take_a_bundles_place(house: House) -> None:
    house.pinned()
    (house.project / "policies").mkdir()
    (house.project / "policies/described.rego").write_text(RULE)
    assert {code for _, _, code, _ in house.problems()} == {"CS705"}


def test_two_bundles_of_one_name(house: House) -> None:
    other = second_bundle(house, {"bundle.yml": "name: acme\n"})
    house.lists(f'git: "{house.address}", commit: {house.first}', other)
    house.fetch()
    ((_, _, code, message),) = house.problems()
    assert (code, message) == ("CS734", "there are two bundles of the name 'acme'")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("levels: { naming: warn }\n", "levels: { naming: deny }\n"),
        ('params: { naming: { models: "a" } }\n', 'params: { naming: { models: "b" } }\n'),
        ("required: [naming]\n", "levels: { naming: off }\n"),
        ("required: [naming]\n", 'params: { naming: { models: "b" } }\n'),
    ],
)
def test_two_bundles_that_contradict_each_other(house: House, mine: str, theirs: str) -> None:
    first = commit(house.rules, {"bundle.yml": f"name: acme\n{mine}"})
    other = second_bundle(house, {"bundle.yml": f"name: other\n{theirs}"})
    house.lists(f'git: "{house.address}", commit: {first}', other)
    house.fetch()
    assert [code for _, _, code, _ in house.problems()] == ["CS734"]


def test_two_bundles_that_agree(house: House) -> None:
    other = second_bundle(house, {"bundle.yml": "name: other\nlevels: { described: deny }\n"})
    house.lists(f'git: "{house.address}", commit: {house.first}', other)
    house.fetch()
    assert house.verdict()["passed"]
    assert "\ndeny  described          acme" in house.run("policy", "list")[1]


WAIVER = """\
waivers:
  - { id: W1, policy: described, node: model.orders, reason: soon, owner: team, expires: EXPIRES }
"""


def test_what_no_waiver_may_be_about(house: House) -> None:
    text = (house.project / "models/orders.yml").read_text()
    bare = text.replace("    description: orders as they come\n", "")
    (house.project / "models/orders.yml").write_text(bare)
    (house.project / "waivers.yml").write_text(WAIVER.replace("EXPIRES", day(20)))
    house.pinned()
    assert house.verdict()["passed"]
    lays(house, "required: all\nunwaivable: all\n")
    found = {one["policy"]: one for one in house.verdict()["decisions"]}
    assert set(found) == {"described", "waivers"}
    told = "bundle 'acme' lets no waiver be about its policy 'described'"
    assert found["waivers"]["message"] == told
    assert found["waivers"]["location"]["path"] == "waivers.yml"


def test_a_change_is_judged_by_the_bundle_of_its_base(house: House) -> None:
    house.pinned()
    commit(house.project)
    weak = commit(house.rules, {"described.rego": RULE, "bundle.yml": FREE})
    git(house.project, "checkout", "--quiet", "-b", "change")
    house.pinned(weak, levels={"described": "off"})
    text = (house.project / "models/orders.yml").read_text()
    bare = text.replace("    description: orders as they come\n", "")
    (house.project / "models/orders.yml").write_text(bare)
    found = house.verdict("--base", "main")
    assert "described" in {one["policy"] for one in found["decisions"]}


def test_a_change_does_not_drop_a_bundle_that_its_base_requires(house: House) -> None:
    house.pinned()
    commit(house.project)
    git(house.project, "checkout", "--quiet", "-b", "change")
    house.lists()
    assert house.verdict()["passed"]
    ((_, line, code, message),) = house.problems("--base", "main")
    assert (code, line > 0) == ("CS737", True)
    assert message == "the change drops bundle 'acme', which requires policies of the project"


def test_a_bundle_that_requires_nothing_may_go(house: House) -> None:
    house.pinned(commit(house.rules, {"bundle.yml": FREE}))
    commit(house.project)
    git(house.project, "checkout", "--quiet", "-b", "change")
    house.lists()
    assert house.verdict("--base", "main")["passed"]


def test_a_change_is_told_what_would_refuse_once_it_is_merged(house: House) -> None:
    house.pinned()
    commit(house.project)
    git(house.project, "checkout", "--quiet", "-b", "change")
    house.pinned(levels={"described": "off"})
    assert [code for _, _, code, _ in house.problems("--base", "main")] == ["CS735"]
    faulty = commit(house.rules, {"described.rego": RULE.replace("split(", "splitt(")})
    house.pinned(faulty)
    assert [code for _, _, code, _ in house.problems("--base", "main")] == ["CS709"]
