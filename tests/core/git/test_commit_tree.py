from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.git import CommitTree, find_repository
from cdk_stream.problems import Usage
from cdk_stream.tree import MAX_BYTES, WorkTree, blob_id

Git = Callable[..., str]
Save = Callable[[Path, str], str]


def at(project: Path, reference: str = "HEAD") -> CommitTree:
    tree = find_repository(project).at(reference)
    assert tree is not None
    return tree


def test_lists_only_the_projects_own_files(repo: Path) -> None:
    assert at(repo / "shop").files() == {
        "models/orders.yml": blob_id(b"models: []\n"),
        "stream_project.yml": blob_id(b"name: shop\n"),
    }


def test_agrees_with_the_working_tree(repo: Path) -> None:
    assert at(repo / "shop").files() == WorkTree(repo / "shop").files()


def test_reads_a_commit_while_the_folder_has_moved_on(repo: Path, save: Save) -> None:
    (repo / "shop/models/orders.yml").write_text("models: [changed]\n")
    save(repo, "second")
    (repo / "shop/models/orders.yml").unlink()

    assert at(repo / "shop", "HEAD~1").read(["models/orders.yml"]) == {
        "models/orders.yml": b"models: []\n"
    }


def test_works_at_the_top_of_a_repository(tmp_path: Path, git: Git, save: Save) -> None:
    (tmp_path / "stream_project.yml").write_text("name: top\n")
    git(tmp_path, "init", "-q")
    save(tmp_path, "first")

    assert list(at(tmp_path).files()) == ["stream_project.yml"]


def test_reads_many_files_of_any_name_and_content(repo: Path, save: Save) -> None:
    models = repo / "shop/models"
    contents = {f"models/m {n} é\t.yml": b"x\0\n" * n for n in range(1000)}
    for path, content in contents.items():
        (repo / "shop" / path).write_bytes(content)
    save(repo, "many")
    assert models.is_dir()

    assert at(repo / "shop").read(contents) == contents


def test_a_name_that_is_not_utf8_is_listed_not_a_crash(repo: Path, save: Save) -> None:
    with open(os.fsencode(repo / "shop/models") + b"/\xff.yml", "wb") as file:
        file.write(b"x")
    save(repo, "odd name")

    assert os.fsdecode(b"models/\xff.yml") in at(repo / "shop").files()


def test_a_huge_file_is_cut_off_and_the_next_one_is_whole(repo: Path, save: Save) -> None:
    (repo / "shop/models/huge.yml").write_bytes(b"#" * (MAX_BYTES * 3))
    save(repo, "huge")

    read = at(repo / "shop").read(["models/huge.yml", "models/orders.yml"])

    assert len(read["models/huge.yml"]) == MAX_BYTES + 1
    assert read["models/orders.yml"] == b"models: []\n"


def test_links_and_submodules_are_told_apart_from_files(repo: Path, git: Git) -> None:
    (repo / "shop/models/link.yml").symlink_to("/etc/passwd")
    (repo / "shop/sources").symlink_to("/etc")
    git(repo, "add", "shop")
    git(repo, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},shop/tests/sub")
    git(repo, "commit", "-q", "-m", "links")

    tree = at(repo / "shop")

    assert tree.links() == {"models/link.yml", "sources", "tests/sub"}
    assert not tree.links() & set(tree.files())


def test_a_commit_before_the_project_has_none(repo: Path, git: Git, save: Save) -> None:
    git(repo, "mv", "shop", "store")
    save(repo, "moved")

    assert find_repository(repo / "store").at("HEAD~1") is None


def test_a_folder_without_a_project_file_is_no_project(repo: Path, save: Save) -> None:
    (repo / "shop/stream_project.yml").unlink()
    save(repo, "no project")

    assert find_repository(repo / "shop").at("HEAD") is None


def test_a_replaced_object_does_not_fool_us(repo: Path, git: Git) -> None:
    good = git(repo, "rev-parse", "HEAD:shop/models/orders.yml")
    other = git(repo, "rev-parse", "HEAD:README.md")
    git(repo, "replace", good, other)

    assert at(repo / "shop").read(["models/orders.yml"])["models/orders.yml"] == b"models: []\n"


def test_a_blob_that_is_missing_is_told_not_skipped(repo: Path, git: Git) -> None:
    blob = git(repo, "rev-parse", "HEAD:shop/models/orders.yml")
    tree = at(repo / "shop")
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(Usage, match="partial or damaged"):
        tree.read(["stream_project.yml", "models/orders.yml"])
