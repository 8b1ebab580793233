"""What the platform asks for, held against the bundles that a project lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cdk_stream import yaml
from cdk_stream.bundle.bundle import Bundle
from cdk_stream.problems import Location, Problem, Refused, Usage, near
from cdk_stream.resources.parse import parse
from cdk_stream.resources.requirement import RequiredBundle, Requirements, numbers


def read_requirements(path: Path) -> tuple[RequiredBundle, ...]:
    """The bundles that a file asks for; raises `Usage` when there is none, `Refused` for faults."""
    try:
        content = path.read_bytes()
    except OSError as error:
        told = f"the file of required bundles cannot be read: '{path}': {error.strerror}"
        raise Usage(told) from None
    parsed = parse(Requirements, yaml.load(content, str(path)))
    if isinstance(parsed, Requirements):
        for required in parsed.bundles:
            if not (required.source or required.pin):
                raise Usage(f"'{path}' says neither `source:` nor `pin:` of '{required.name}'")
        return parsed.bundles
    assert isinstance(parsed, list)
    raise Refused(
        Problem(yaml.locate(content, str(path), one.pointer), one.code, one.message, one.mend)
        for one in parsed
    )


def unmet(
    required: Sequence[RequiredBundle], bundles: Sequence[Bundle], at: Callable[[str], Location]
) -> Iterator[Problem]:
    """CS738 for every bundle that is not there, or not as it is asked for."""
    found = {bundle.name: (index, bundle) for index, bundle in enumerate(bundles)}
    for one in required:
        if one.name not in found:
            message = f"the platform requires the policy bundle '{one.name}'"
            where = f" from {' or '.join(one.source)}" if one.source else ""
            mend = f"list it{where} under `policies: bundles:`"
            yield Problem(at("/bundles"), "CS738", message, mend)
            continue
        index, bundle = found[one.name]
        for key, why, mend in _faults(one, bundle):
            message = f"the platform takes bundle '{one.name}' otherwise: {why}"
            yield Problem(at(f"/bundles/{index}/{key}"), "CS738", message, mend)


def _faults(required: RequiredBundle, bundle: Bundle) -> Iterator[tuple[str, str, str]]:
    pin = bundle.pin
    assert pin is not None
    if required.source and pin.source not in required.source:
        yield pin.kind, f"not from {pin.source}", near(pin.source, required.source)
    elif required.source and pin.path.strip("/") != required.path.strip("/"):
        yield "path", f"not from its folder '{pin.path}'", f"write `path: {required.path}`"
    if required.pin and pin.pin not in required.pin:
        mend = f"allowed: {', '.join(required.pin)}"
        yield pin.pin_key, f"not {pin.pin_key} {pin.short}", mend
    if required.minimum is not None:
        try:
            enough = numbers(bundle.file.version) >= numbers(required.minimum)
        except ValueError:
            enough = False
        if not enough:
            mend = "write a newer pin with: cdk-stream policy fetch --update"
            why = f"version {bundle.file.version} is older than {required.minimum}"
            yield pin.pin_key, why, mend
