"""Bundles that are folders: pinned by the digest of their files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cdk_stream.bundle.folder import folder_digest, folder_files
from tests.core.bundle.house import RULE, House, commit, git

LISTED = r"""
find . \( -path ./bundle.yml -o -path './templates/*.y*ml' -o -path './macros/*.y*ml' \
  -o -name '*.rego' ! -name '*_test.rego' \) -type f -not -path '*/.*' -printf '%P\n' |
  LC_ALL=C sort | xargs sha256sum | sha256sum
"""


def digest(folder: Path) -> str:
    return folder_digest(folder_files(folder))


def test_the_digest_is_what_sha256sum_says(house: House) -> None:
    (house.rules / "described_test.rego").write_text("package x\n")
    done = subprocess.run(
        ["sh", "-c", LISTED], cwd=house.rules, capture_output=True, text=True, check=True
    )
    assert digest(house.rules) == f"sha256:{done.stdout.split()[0]}"


def test_only_what_is_read_counts(house: House) -> None:
    before = digest(house.rules)
    (house.rules / "README.md").write_text("other words\n")
    assert digest(house.rules) == before
    (house.rules / "described.rego").write_text(RULE + "\n")
    assert digest(house.rules) != before


def test_a_folder_counts_as_it_was_pinned(house: House) -> None:
    house.lists(f'folder: ../rules, digest: "{digest(house.rules)}"')
    house.fetch()
    (house.rules / "described.rego").write_text(RULE.replace("deny contains", "warn contains"))
    assert house.verdict()["passed"]
    house.cached()[0].unlink()
    assert [code for _, _, code, _ in house.problems()] == ["CS731"]
    status, said = house.run("policy", "fetch")
    assert (status, "CS739 the folder '../rules' is not what its digest says" in said) == (1, True)
    assert "~ described.rego" not in said
    house.fetch("--update")
    assert digest(house.rules) in (house.project / "stream_project.yml").read_text()
    assert house.verdict()["passed"]


@pytest.mark.parametrize("place", [b"says too little", b"  bundle.yml\n", b"name: acme"])
def test_a_tampered_copy_is_told(house: House, place: bytes) -> None:
    house.lists(f'folder: ../rules, digest: "{digest(house.rules)}"')
    house.fetch()
    (file,) = house.cached()
    file.write_bytes(file.read_bytes().replace(place, place[:-1] + b"X"))
    assert [code for _, _, code, _ in house.problems()] == ["CS732"]


def test_links_and_folders_that_are_not_there(house: House) -> None:
    pinned = f'digest: "{digest(house.rules)}"'
    (house.rules / "templates/out.yml").symlink_to("/etc/passwd")
    house.lists(f"folder: ../rules, {pinned}")
    assert "CS733" in house.run("policy", "fetch")[1]
    house.lists(f"folder: ../none, {pinned}")
    status, said = house.run("policy", "fetch")
    assert (status, "CS733" in said) == (1, True)


def test_in_one_repository_the_base_has_the_folder_as_it_was(house: House) -> None:
    """A clean machine, a change of the rules beside the project, and the pin of both."""
    mono = house.folder / "mono"
    shutil.copytree(house.rules, mono / "rules", ignore=shutil.ignore_patterns(".git"))
    shutil.move(house.project, mono / "shop")
    house.project = mono / "shop"
    house.lists(f'folder: ../rules, digest: "{digest(mono / "rules")}"')
    commit(mono)
    git(mono, "checkout", "--quiet", "-b", "change")
    (mono / "rules/described.rego").write_text(RULE.replace("says too little", "is terse"))
    arguments = ("--project-dir", str(house.project))
    house.fetch("--update", *arguments)
    commit(mono)
    for file in house.cached():
        file.unlink()
    house.fetch("--base", "main", *arguments)
    assert len(house.cached()) == 2
    assert house.verdict("--base", "main", *arguments)["passed"]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("folder: ../rules, git: x", "a bundle has exactly one of `git:`, `oci:` and `folder:`"),
        ("commit: abc", "a bundle has exactly one of `git:`, `oci:` and `folder:`"),
        ("folder: ../rules, commit: abc", "`commit:` is not for a bundle with `folder:`"),
        ("oci: a.b/c, ref: main", "`ref:` is not for a bundle with `oci:`"),
    ],
)
def test_a_pin_says_one_thing(house: House, keys: str, told: str) -> None:
    house.lists(keys)
    assert [(code, message) for _, _, code, message in house.problems()] == [("CS113", told)]
