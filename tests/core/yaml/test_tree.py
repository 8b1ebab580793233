"""Files of a working tree: ids as Git's, links told, nothing read twice."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cdk_stream.tree import MAX_BYTES, WorkTree, belongs, blob_id


def _write(root: Path, path: str, content: bytes = b"x") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_ids_are_those_of_git(tmp_path: Path) -> None:
    file = _write(tmp_path, "models/a.yml", b"models: []\n")
    git = subprocess.run(["git", "hash-object", str(file)], capture_output=True, check=True)

    assert WorkTree(tmp_path).files() == {"models/a.yml": git.stdout.decode().strip()}
    assert blob_id(b"models: []\n") == git.stdout.decode().strip()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("stream_project.yml", True),
        ("models/a.yml", True),
        ("models/deep/er/a.sql", True),
        ("schemas/x.avsc", True),
        ("policies/own.rego", True),
        ("models/.hidden.yml", False),
        ("models/.cache/a.yml", False),
        ("models/a.txt", False),
        ("target/manifest.json", False),
        ("README.md", False),
    ],
)
def test_only_known_kinds_in_known_folders_belong(
    tmp_path: Path, path: str, expected: bool
) -> None:
    _write(tmp_path, path)

    assert (path in WorkTree(tmp_path).files()) is expected
    assert belongs(path) is expected


def test_links_are_told_and_not_followed(tmp_path: Path) -> None:
    outside = _write(tmp_path, "outside/secret.yml", b"secret")
    _write(tmp_path, "project/models/a.yml")
    os.symlink(outside, tmp_path / "project/models/b.yml")
    os.symlink(tmp_path / "outside", tmp_path / "project/sources")
    tree = WorkTree(tmp_path / "project")

    assert set(tree.files()) == {"models/a.yml"}
    assert tree.links() == {"models/b.yml", "sources"}


def test_a_known_stamp_spares_reading(tmp_path: Path) -> None:
    file = _write(tmp_path, "models/a.yml", b"one")
    os.utime(file, ns=(1, 1))
    first = WorkTree(tmp_path)
    first.files()
    known = {path: [*stamp[:3], "remembered"] for path, stamp in first.stamps.items()}

    assert WorkTree(tmp_path, known).files() == {"models/a.yml": "remembered"}


def test_a_file_touched_just_now_is_read_again(tmp_path: Path) -> None:
    _write(tmp_path, "models/a.yml", b"one")
    first = WorkTree(tmp_path)
    first.files()
    _write(tmp_path, "models/a.yml", b"two")

    assert WorkTree(tmp_path, first.stamps).files() == {"models/a.yml": blob_id(b"two")}


def test_no_more_is_read_than_a_project_file_may_have(tmp_path: Path) -> None:
    _write(tmp_path, "models/a.yml", b"#" * (MAX_BYTES + 100))

    assert len(WorkTree(tmp_path).read(["models/a.yml"])["models/a.yml"]) == MAX_BYTES + 1
