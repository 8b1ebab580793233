"""Bundles of Git repositories: pinned, fetched once, verified at every load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.core.bundle.house import RULE, House, commit, git


def test_a_project_is_judged_by_a_pinned_bundle(house: House) -> None:
    house.pinned()
    assert house.verdict()["passed"]
    text = (house.project / "models/orders.yml").read_text(encoding="utf-8")
    (house.project / "models/orders.yml").write_text(
        text.replace("    description: orders as they come\n", ""), encoding="utf-8"
    )
    (found,) = [one for one in house.verdict()["decisions"] if one["policy"] == "described"]
    assert found["message"] == "model 'orders' does not say what it is for"


def test_no_network_is_asked_after_one_fetch(house: House) -> None:
    house.pinned()
    shutil.rmtree(house.rules)
    shutil.rmtree(house.folder / "cache/bundles/mirrors")
    assert house.verdict()["passed"]
    assert "acme 1.2.0" in house.fetch()


def test_a_bundle_that_was_never_fetched_refuses(house: House) -> None:
    house.lists(f'git: "{house.address}", commit: {house.first}')
    ((path, line, code, message),) = house.problems()
    assert (path, code) == ("stream_project.yml", "CS731")
    assert (house.project / path).read_text().splitlines()[line - 1].strip().startswith("- { git")
    assert message == f"bundle {house.address} at {house.first[:7]} is not on this machine"
    assert "fetch it: cdk-stream policy fetch\n" in house.run("check")[1]
    code_, said = house.run("policy", "list")
    assert (code_, "CS731" in said) == (1, True)
    assert house.run("compile")[0] == 1


@pytest.mark.parametrize("pin", ["main", "v1.0", "", "8f3c1a2"])
def test_what_moves_is_no_pin(house: House, pin: str) -> None:
    house.lists(f'git: "{house.address}", commit: "{pin}"')
    ((_, _, code, message),) = house.problems()
    assert code == "CS730"
    assert message.endswith("`commit:` is the 40 digits of a commit")
    status, said = house.run("policy", "fetch")
    assert (status, "write the pin with: cdk-stream policy fetch --update" in said) == (1, True)


@pytest.mark.parametrize("place", [b"says too little", b"name: acme", b"tree ", b"100644 bundle"])
def test_a_tampered_cache_is_never_read(house: House, place: bytes) -> None:
    house.pinned()
    (file,) = house.cached()
    content = file.read_bytes()
    assert place in content
    file.write_bytes(content.replace(place, place[:-1] + b"X", 1))
    ((_, _, code, message),) = house.problems()
    assert code == "CS732"
    assert "is not what its commit says" in message
    house.fetch()
    assert house.verdict()["passed"]


@pytest.mark.parametrize("content", [b"", b"blob 99\0short", b"\0", b"junk", b"blob x\0"])
def test_a_damaged_cache_is_told(house: House, content: bytes) -> None:
    house.pinned()
    (file,) = house.cached()
    file.write_bytes(content)
    assert [code for _, _, code, _ in house.problems()] == ["CS732"]


def test_a_commit_that_the_remote_never_had(house: House) -> None:
    house.lists(f'git: "{house.address}", commit: "{"0" * 39}1"')
    status, said = house.run("policy", "fetch")
    assert status == 1
    assert "CS739" in said
    assert "has no commit 0000000" in said
    assert "cdk-stream policy fetch --update" in said


def test_a_commit_that_is_on_no_branch_any_more(house: House) -> None:
    """A forge still hands it out: by its id, as it does with commits of forks."""
    house.pinned()
    git(house.rules, "checkout", "--quiet", "--orphan", "other")
    commit(house.rules, message="anew")
    git(house.rules, "branch", "--quiet", "-D", "main")
    assert house.verdict()["passed"]  # on this machine it is known
    house.cached()[0].unlink()
    status, said = house.run("policy", "fetch")
    shutil.rmtree(house.folder / "cache/bundles/mirrors")
    again, told = house.run("policy", "fetch")
    assert (status, again) == (1, 1)
    assert "CS739" in said
    assert "CS739" in told


def test_a_tag_that_moves_changes_nothing_until_somebody_says_so(house: House) -> None:
    git(house.rules, "tag", "v1")
    house.lists(f'git: "{house.address}", commit: {house.first}, ref: v1')
    house.fetch()
    second = commit(house.rules, {"described.rego": RULE.replace("says too little", "is terse")})
    git(house.rules, "tag", "--force", "v1")
    before = (house.project / "stream_project.yml").read_text()
    house.fetch()
    assert house.verdict()["passed"]
    assert (house.project / "stream_project.yml").read_text() == before
    said = house.fetch("--update")
    assert f"at {second[:7]}" in said
    assert f"pinned to {house.first[:7]} until now" in said
    assert "    ~ described.rego\n" in said
    assert (house.project / "stream_project.yml").read_text() == before.replace(house.first, second)
    assert "until now" not in house.fetch("--update")


def test_without_a_ref_the_default_branch_is_followed(house: House) -> None:
    house.pinned()
    git(house.rules, "branch", "aside")
    second = commit(house.rules, {"described.rego": RULE.replace("says too little", "is terse")})
    house.fetch("--update")
    assert second in (house.project / "stream_project.yml").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- git: URL\n      commit: main # why\n", "- git: URL\n      commit: NEW # why\n"),
        ('- commit: "main"\n      git: URL\n', '- commit: "NEW"\n      git: URL\n'),
        ("- git: URL\n      ref: main\n", "- git: URL\n      commit: NEW\n      ref: main\n"),
        ("- git: URL # rules", "- git: URL # rules\n      commit: NEW\n"),
        ("- { git: URL, commit: main }\n", "- { git: URL, commit: NEW }\n"),
    ],
)
def test_an_update_writes_the_pin_and_nothing_else(house: House, before: str, after: str) -> None:
    text = (house.project / "stream_project.yml").read_text() + "  bundles:\n    "
    (house.project / "stream_project.yml").write_text(text + before.replace("URL", house.address))
    house.fetch("--update")
    wanted = text + after.replace("URL", house.address).replace("NEW", house.first)
    assert (house.project / "stream_project.yml").read_text() == wanted
    assert house.verdict()["passed"]


def test_a_pin_that_only_its_author_can_write(house: House) -> None:
    house.lists(f'git: "{house.address}"')
    status, said = house.run("policy", "fetch", "--update")
    assert status == 2
    assert f"write `commit: {house.first}` yourself" in said


def test_a_bundle_in_a_folder_of_its_repository(house: House) -> None:
    moved = {f"streams/rules/{p}": (house.rules / p).read_text() for p in ("bundle.yml",)}
    second = commit(house.rules, moved)
    house.lists(f'git: "{house.address}", commit: {second}, path: streams/rules/')
    assert "0 policy files" in house.fetch()
    house.lists(f'git: "{house.address}", commit: {second}, path: streams/none')
    status, said = house.run("policy", "fetch")
    assert (status, "there is no folder 'streams/none' in that commit" in said) == (1, True)


def test_links_are_refused(house: House) -> None:
    (house.rules / "templates/out.yml").symlink_to("/etc/passwd")
    house.lists(f'git: "{house.address}", commit: {commit(house.rules)}')
    status, said = house.run("policy", "fetch")
    assert status == 1
    assert "CS733" in said
    assert "'templates/out.yml' is a link, which is not followed" in said


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://dana:s3cret@git.acme.test/rules.git", "carries a name or secret"),
        ("ext::sh -c 'touch /tmp/x'", "is no address of a Git repository"),
        ("--upload-pack=touch", "is no address of a Git repository"),
        ("http://git.acme.test/rules.git", "is no address of a Git repository"),
        ("rules", "is no address of a Git repository"),
    ],
)
def test_addresses_that_are_not_asked(house: House, address: str, why: str) -> None:
    house.lists(f'git: "{address}", commit: {house.first}')
    status, said = house.run("policy", "fetch")
    assert status == 1
    assert "CS739" in said
    assert why in said


def test_the_same_commit_of_another_address_is_not_taken_on_trust(house: House) -> None:
    house.pinned()
    copy = house.folder / "copy"
    house.lists(f'git: "file://{copy}", commit: {house.first}')
    assert [code for _, _, code, _ in house.problems()] == ["CS731"]


def test_the_pins_of_the_base_are_brought_too(house: House) -> None:
    house.pinned()
    commit(house.project)
    git(house.project, "checkout", "--quiet", "-b", "change")
    second = commit(house.rules, {"described.rego": RULE.replace("says too little", "is terse")})
    house.pinned(second)
    for file in house.cached():
        file.unlink()
    house.fetch()
    status, said = house.run("check", "--base", "main")
    assert status == 1
    assert "CS731" in said
    base = git(house.project, "rev-parse", "main")
    assert f"fetch it: cdk-stream policy fetch --base {base[:12]}" in said
    house.fetch("--base", "main")
    assert house.verdict("--base", "main")["passed"]


def test_only_a_named_bundle_is_updated(house: House) -> None:
    other = house.folder / "other"
    commit(other, {"bundle.yml": "name: other\n"})
    house.lists(f'git: "{house.address}", commit: main', f'git: "file://{other}", commit: main')
    house.fetch("--update", "other")
    text = (house.project / "stream_project.yml").read_text()
    assert (text.count("commit: main"), house.first in text) == (1, False)
    status, said = house.run("policy", "fetch", "--update", "othr")
    assert (status, "did you mean 'other'?" in said) == (2, True)


def test_objects_in_the_longer_hash(tmp_path: Path, house: House) -> None:
    rules = tmp_path / "sha256"
    rules.mkdir()
    git(rules, "init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    assert len(commit(rules, {"bundle.yml": "name: other\n"})) == 64
    house.lists(f'git: "file://{rules}", commit: {git(rules, "rev-parse", "HEAD")}')
    assert "0 policy files" in house.fetch()
    assert house.verdict()["passed"]
