"""Where records are kept: notes on merged commits, and folders of files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.git import Repository
from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.results.evidence import Record, read

REF = "cdk-stream"
"""`refs/notes/cdk-stream`: a line of JSON for each record of a commit."""
_IDENTITY = ("-c", "user.name=cdk-stream", "-c", "user.email=cdk-stream@localhost")


@dataclass(frozen=True, slots=True)
class Kept:
    """A record, and where it was found."""

    place: str
    record: Record


def keep(repository: Repository, commit: str, record: Record) -> None:
    """Add a record to the note of a commit; the same record is kept once."""
    lines = _note(repository, commit)
    line = record.content.rstrip(b"\n")
    if line in lines:
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join([*lines, line]) + b"\n")
        file.flush()
        try:
            run_git(
                repository.directory, *_IDENTITY, "notes", f"--ref={REF}", "add", "--force",
                "--file", file.name, commit,
            )  # fmt: skip
        except GitFailed as failure:
            raise Usage(f"git cannot keep the record: {failure}") from None


def records(repository: Repository | None, folders: list[Path]) -> tuple[Kept, ...]:
    """All records, oldest first; `Refused` (CS904) names those that somebody changed."""
    found: list[Kept] = []
    problems: list[Problem] = []
    for place, content in (*_of_notes(repository), *_of_folders(folders)):
        try:
            found.append(Kept(place, read(content)))
        except ValueError as error:
            mend = "prove the commit again: cdk-stream review --merged COMMIT"
            problems.append(
                Problem(Location(place), "CS904", f"no record to rely on: {error}", mend)
            )
    if problems:
        raise Refused(problems)
    unique = {kept.record.digest: kept for kept in found}
    return tuple(sorted(unique.values(), key=lambda one: (one.record.body["time"], one.place)))


def _of_notes(repository: Repository | None) -> Iterator[tuple[str, bytes]]:
    if repository is None:
        return
    try:
        listing = run_git(repository.directory, "notes", f"--ref={REF}", "list")
    except GitFailed:
        return  # there are none yet
    for entry in listing.decode().splitlines():
        commit = entry.split(" ")[1]
        for line in _note(repository, commit):
            yield f"note of {commit[:7]}", line


def _note(repository: Repository, commit: str) -> list[bytes]:
    try:
        told = run_git(repository.directory, "notes", f"--ref={REF}", "show", commit)
    except GitFailed:
        return []
    return [line for line in told.split(b"\n") if line.strip()]


def _of_folders(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        if not folder.is_dir():
            raise Usage(f"there is no folder '{folder}'")
        for path in sorted(folder.rglob("*.json")):
            yield str(path), path.read_bytes()
