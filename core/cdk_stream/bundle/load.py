"""The pins of a project -> its bundles, without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cdk_stream.bundle.bundle import Bundle, read_bundle
from cdk_stream.bundle.limits import Faulty, Unsound
from cdk_stream.bundle.store import stored
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.pin import BundlePin

FETCH = "cdk-stream policy fetch"


def load_bundles(
    pins: Sequence[BundlePin], at: Callable[[str], Location], fetch: str = FETCH
) -> tuple[Bundle, ...]:
    """Every bundle of a project, as its pin says.

    `at` finds the line of `/bundles/0/commit`; `fetch` is the command that brings what is missing.
    Raises `Refused` with CS730 to CS734 and CS742: a bundle that cannot be read is never left out.
    """
    problems: list[Problem] = []
    found: dict[str, Bundle] = {}
    for index, pin in enumerate(pins):
        where = at(f"/bundles/{index}/{pin.kind}")
        try:
            bundle = _loaded(pin, where, at(f"/bundles/{index}/{pin.pin_key}"), fetch)
        except Refused as refused:
            problems += refused.problems
            continue
        if bundle.name in found:
            message = f"there are two bundles of the name '{bundle.name}'"
            mend = f"take one out; the other is {found[bundle.name].pin}"
            problems.append(Problem(where, "CS734", message, mend))
        found[bundle.name] = bundle
    if problems:
        raise Refused(problems)
    return tuple(found.values())


def _loaded(pin: BundlePin, where: Location, pinned: Location, fetch: str) -> Bundle:
    if not pin.pinned:
        raise Refused([unpinned(pin, pinned)])
    try:
        files = stored(pin)
    except Unsound as error:
        message = f"bundle {pin} is not what its {pin.pin_key} says: {error}"
        raise Refused([Problem(where, "CS732", message, f"fetch it again: {fetch}")]) from None
    except Faulty as error:
        raise Refused([Problem(where, "CS733", f"{pin} is no bundle: {error}")]) from None
    if files is None:
        message = f"bundle {pin} at {pin.short} is not on this machine"
        raise Refused([Problem(where, "CS731", message, f"fetch it: {fetch}")])
    return read_bundle(files, pin)


def unpinned(pin: BundlePin, where: Location) -> Problem:
    """CS730: it could be something else tomorrow."""
    wanted = "the 40 digits of a commit" if pin.kind == "git" else "`sha256:` and 64 digits"
    said = f"'{pin.pin}', which may move" if pin.pin else "nothing"
    message = f"bundle {pin} is pinned to {said}; `{pin.pin_key}:` is {wanted}"
    return Problem(where, "CS730", message, f"write the pin with: {FETCH} --update")
