"""A `schema_ref` -> the schema's snapshot in the project."""

from __future__ import annotations

from cdk_stream.problems import near
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Project
from cdk_stream.schema.columns import READERS, Schema, read_schema
from cdk_stream.schema.parsed import Unreadable
from cdk_stream.stages.load.loader import Loader

_SCHEMES = ("sr://", "schema_registry:")


class Snapshots:
    """The schemas under `schemas/`, read once each."""

    def __init__(self, loader: Loader, project: Project) -> None:
        self._loader = loader
        self._project = project
        self._read: dict[str, Schema | Complaint] = {}

    def candidates(self, reference: str | None) -> list[str]:
        """The files that may hold a reference's snapshot; the first that exists does."""
        subject = _subject(reference) if reference else None
        return [f"schemas/{subject}{suffix}" for suffix in READERS] if subject else []

    def find(self, reference: str) -> Schema | Complaint:
        """The snapshot, or the complaint about a `schema_ref` without one."""
        found = self._read.get(reference)
        if found is None:
            found = self._read[reference] = self._find(reference)
        return found

    def _find(self, reference: str) -> Schema | Complaint:
        subject = _subject(reference)
        if subject is None:
            message = f"'{reference}' does not name a subject"
            return Complaint("CS402", "/schema_ref", message, "write sr://SUBJECT")
        for path in self.candidates(reference):
            if path in self._loader.blobs:
                return self._parse(path)
        return self._missing(subject)

    def _parse(self, path: str) -> Schema | Complaint:
        suffix = path[path.rindex(".") :]
        try:
            return read_schema(suffix, self._loader.content(path))
        except Unreadable as error:
            return Complaint("CS403", "/schema_ref", f"{path} cannot be read: {error}")

    def _missing(self, subject: str) -> Complaint:
        known = {
            path[len("schemas/") : path.rindex(".")]
            for path in self._loader.blobs
            if path.startswith("schemas/")
        }
        message = f"there is no snapshot of subject '{subject}' in schemas/"
        fetch = f"fetch it with: cdk-stream fetch {subject}"
        guess = near(subject, known) if len(known) > 12 or _close(subject, known) else ""
        return Complaint("CS401", "/schema_ref", message, f"{fetch}; {guess}" if guess else fetch)


def _close(subject: str, known: set[str]) -> bool:
    return near(subject, known).startswith("did you mean")


def _subject(reference: str) -> str | None:
    for scheme in _SCHEMES:
        if reference.startswith(scheme):
            subject = reference[len(scheme) :]
            return subject if subject and "/" not in subject and ".." not in subject else None
    return None
