"""What may be in a bundle, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping

from cdk_stream.tree import MAX_BYTES

FILE = "bundle.yml"
TEMPLATES, MACROS = "templates", "macros"
MOST_FILES = 2000
MOST_BYTES = 8 * MAX_BYTES


class Unsound(Exception):
    """Content that is not what its pin says; `str()` says why."""


class Faulty(Exception):
    """Content that is no bundle; `str()` says why."""


def counts(path: str) -> bool:
    """Whether a file is part of a bundle: `bundle.yml`, policies, templates and macros."""
    folder, _, name = path.rpartition("/")
    if path == FILE or (folder in (TEMPLATES, MACROS) and name.endswith((".yml", ".yaml"))):
        return True
    return name.endswith(".rego") and not name.endswith("_test.rego")


def hidden(path: str) -> bool:
    """Whether a file or one of its folders begins with a dot: never looked at."""
    return "/." in f"/{path}"


def within(files: Mapping[str, bytes]) -> None:
    """Raise `Faulty` when a bundle is larger than bundles may be."""
    if len(files) > MOST_FILES:
        raise Faulty(f"it has more than {MOST_FILES} files")
    for path, content in files.items():
        if len(content) > MAX_BYTES:
            raise Faulty(f"'{path}' is larger than {MAX_BYTES // 1024 // 1024} MB")
    if sum(map(len, files.values())) > MOST_BYTES:
        raise Faulty(f"its files are larger than {MOST_BYTES // 1024 // 1024} MB together")
