"""The target folder: one file per artefact, and the manifest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from cdk_stream.glance import TARGET
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.artifact import Written
from cdk_stream.results.manifest import Manifest


def folder_of(environment: str) -> str:
    """Where what was compiled lies, from the project's folder; environments lie apart."""
    return f"{TARGET}/.environments/{environment}" if environment else TARGET


class Target:
    """What was compiled, as files under `target/`."""

    def __init__(self, root: Path, environment: str = "") -> None:
        self._folder = str(root / folder_of(environment))

    def write(
        self, manifest: Manifest, artifacts: Mapping[str, Written], gone: Iterable[str]
    ) -> None:
        """Write these artefacts and the manifest, and remove what is `gone`.

        Raises `Refused` (CS602) when the folder cannot be written.
        """
        try:
            self._write(manifest, artifacts, gone)
        except OSError as error:
            message = f"{TARGET}/ cannot be written: {error.strerror}"
            raise Refused([Problem(Location(TARGET), "CS602", message)]) from None

    def _write(
        self, manifest: Manifest, artifacts: Mapping[str, Written], gone: Iterable[str]
    ) -> None:
        for folder in sorted({file.rpartition("/")[0] for file in artifacts}):
            os.makedirs(f"{self._folder}/{folder}", exist_ok=True)
        os.makedirs(self._folder, exist_ok=True)
        for file, artifact in artifacts.items():
            _put(f"{self._folder}/{file}", artifact.content)
        for file in gone:
            if os.path.exists(f"{self._folder}/{file}"):
                os.remove(f"{self._folder}/{file}")
        part = f"{self._folder}/manifest.json.part"
        with open(part, "wb") as whole:
            whole.writelines(manifest.parts())
        os.replace(part, f"{self._folder}/manifest.json")

    def files(self) -> list[str]:
        """The artefact files that lie there, whoever wrote them."""
        found = []
        for folder, folders, names in os.walk(self._folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = os.path.relpath(folder, self._folder)
            if inside != "." and inside.count(os.sep) == 1:
                found += [f"{inside}/{name}".replace(os.sep, "/") for name in names]
        return found


def _put(path: str, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)
