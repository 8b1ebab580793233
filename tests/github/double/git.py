"""The double's Git repository: a real bare one, written by plumbing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

NOBODY = "0" * 40
_WHEN = "2026-01-05T12:00:00Z"


class BareRepository:
    """Branches, and GitHub's hidden refs of pull requests."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True)
        self._git("init", "--quiet", "--bare", "--initial-branch=main", "--template=")
        with (path / "config").open("a", encoding="utf-8") as config:
            config.write("[uploadpack]\n\tallowAnySHA1InWant = true\n")

    def commit(
        self,
        files: Mapping[str, str | None],
        parents: tuple[str, ...],
        message: str,
        author: str,
        committer: str = "",
    ) -> str:
        """A commit on top of the first parent; None as content removes a file.

        Authors are written `login <address>`.
        """
        index = {"GIT_INDEX_FILE": str(self.path / "index.writing")}
        self._git("read-tree", *(parents[:1] or ("--empty",)), env=index)
        blobs: dict[str, str] = {}
        lines = []
        for name, content in files.items():
            if content is None:
                lines.append(f"0 {NOBODY}\t{name}\0")
            else:
                if content not in blobs:
                    blobs[content] = self._git("hash-object", "-w", "--stdin", stdin=content)
                lines.append(f"100644 {blobs[content]}\t{name}\0")
        self._git("update-index", "-z", "--index-info", env=index, stdin="".join(lines))
        tree = self._git("write-tree", env=index)
        return self.commit_tree(tree, parents, message, author, committer)

    def commit_tree(
        self, tree: str, parents: tuple[str, ...], message: str, author: str, committer: str = ""
    ) -> str:
        options = [option for parent in parents for option in ("-p", parent)]
        people = {**_person("AUTHOR", author), **_person("COMMITTER", committer or author)}
        return self._git("commit-tree", tree, *options, "-F", "-", env=people, stdin=message)

    def merged_tree(self, ours: str, theirs: str) -> str:
        """The tree that a merge gives; an AssertionError for a conflict."""
        return self._git("merge-tree", "--write-tree", ours, theirs).partition("\n")[0]

    def set_ref(self, name: str, commit: str) -> None:
        self._git("update-ref", name, commit)

    def resolve(self, name: str) -> str:
        return self._git("rev-parse", "--verify", f"{name}^{{commit}}")

    def tree(self, commit: str) -> str:
        return self._git("rev-parse", f"{commit}^{{tree}}")

    def between(self, base: str, head: str) -> list[str]:
        """The commits of `head` that `base` has not, oldest first."""
        return self._git("rev-list", "--reverse", f"{base}..{head}").split()

    def details(self, commit: str) -> dict[str, str]:
        told = self._git("show", "-s", "--format=%ae%x00%ce%x00%T%x00%P%x00%B", commit)
        author, committer, tree, parents, message = told.split("\0")
        return {
            "author": author,
            "committer": committer,
            "tree": tree,
            "parents": parents,
            "message": message.rstrip("\n"),
        }

    def _git(self, *arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> str:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(
            ("git", f"--git-dir={self.path}", *arguments),
            env={**inherited, **(env or {}), "GIT_CONFIG_NOSYSTEM": "1"},
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()


def _person(role: str, person: str) -> dict[str, str]:
    name, _, address = person.partition(" <")
    return {
        f"GIT_{role}_NAME": name,
        f"GIT_{role}_EMAIL": address.rstrip(">"),
        f"GIT_{role}_DATE": _WHEN,
    }
