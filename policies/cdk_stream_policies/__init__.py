"""The policies that every project is judged by, in Rego."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.policy.bundle import PolicyBundle, rego_files

UNSEEN = (
    "artifacts/digest",
    "artifacts/file",
    "artifacts/principal",
    "artifacts/rights",
    "backend",
    "cel",
    "changelog",
    "columns/copies",
    "columns/declassified",
    "columns/description",
    "columns/enum",
    "columns/nullable",
    "columns/tags",
    "delivery",
    "depends_on",
    "description",
    "event_time",
    "features",
    "filters",
    "fingerprint",
    "format",
    "functions",
    "idle_timeout_ms",
    "influences",
    "meta",
    "on_failure",
    "path",
    "physical_topics",
    "rows_fingerprint",
    "sql",
    "state_ttl",
    "tags",
    "warnings",
    "watermark_ms",
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
