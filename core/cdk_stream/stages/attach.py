"""Tests and exposures against the streams they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_stream.problems import Severity, near
from cdk_stream.resources.authoring import reference_name
from cdk_stream.resources.parse import Complaint
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.stream import Stream

Told = list[tuple[Complaint, Severity]]


def check_test(declaration: Declaration, inputs: Mapping[str, Stream]) -> Told:
    """The columns that a test's assertions name exist."""
    told: Told = []
    test = declaration.resource
    by_name = {stream.name: stream for stream in inputs.values()}
    tested = by_name.get(reference_name(test.model))
    if not test.assertions:
        message = f"'{test.name}' asserts nothing"
        told.append((Complaint("CS312", "", message, "write 'assertions:'"), Severity.WARNING))
    for index, assertion in enumerate(test.assertions):
        pointer = f"/assertions/{index}/{assertion.kind}"
        arguments = assertion.arguments
        for key in ("column", "key"):
            _columns(getattr(arguments, key, None), tested, f"{pointer}/{key}", told)
        if assertion.kind == "foreign_key":
            other = by_name.get(reference_name(arguments.ref_model))
            _columns(arguments.ref_key, other, f"{pointer}/ref_key", told)
    return told


def check_exposure(declaration: Declaration, inputs: Mapping[str, Stream]) -> Told:
    """An exposure reads or writes something, and the columns it says it reads exist."""
    told: Told = []
    exposure = declaration.resource
    if not inputs and not exposure.produces and not exposure.reads:
        message = f"'{exposure.name}' neither produces nor consumes anything"
        mend = "write 'produces:', 'consumes:' or 'depends_on:'"
        told.append((Complaint("CS311", "", message, mend), Severity.WARNING))
    if any(stream.open for stream in inputs.values()):
        return told
    known = {name for stream in inputs.values() for name in stream.columns}
    config = exposure.consumer_config
    listed = [(name, "/columns") for name in exposure.columns]
    listed += [(name, "/consumer_config/columns") for name in (config.columns if config else ())]
    for name, pointer in listed:
        if name not in known and known:
            message = f"nothing that '{exposure.name}' reads has a column '{name}'"
            told.append((Complaint("CS404", pointer, message, near(name, known)), Severity.ERROR))
    return told


def _columns(named: Any, stream: Stream | None, pointer: str, told: Told) -> None:
    if named is None or stream is None or stream.open:
        return
    for name in [named] if isinstance(named, str) else named:
        if name not in stream.columns:
            message = f"there is no column '{name}' in '{stream.name}'"
            complaint = Complaint("CS404", pointer, message, near(name, stream.columns))
            told.append((complaint, Severity.ERROR))
