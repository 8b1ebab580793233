"""The policies that every project is judged by, in Rego."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.policy.bundle import PolicyBundle, rego_files

UNSEEN = (
    "artifacts/digest",
    "columns/description",
    "description",
    "features",
    "filters",
    "fingerprint",
    "functions",
    "influences",
    "path",
    "rows_fingerprint",
    "sql",
    "warnings",
)
"""What no policy here looks at; a test holds it."""


@hookimpl
def register_policies() -> Iterable[PolicyBundle]:
    folder = files(__name__)
    texts = {
        f"{__name__}/{file.name}": file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".rego")
    }
    return (PolicyBundle("core", rego_files(texts), unseen=UNSEEN),)
