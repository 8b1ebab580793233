"""The bundles that a project pins, brought to this machine; and its pins, brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.bundle.bundle import Bundle
from cdk_stream.bundle.fetch.failed import FetchFailed
from cdk_stream.bundle.fetch.fetch import fetched, tip
from cdk_stream.bundle.limits import Faulty, Unsound
from cdk_stream.bundle.load import unpinned
from cdk_stream.bundle.store import stored
from cdk_stream.git import find_repository
from cdk_stream.problems import Location, Problem, Refused, Usage, near
from cdk_stream.resources.pin import BundlePin
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import PROJECT_FILE, WorkTree
from cdk_stream.workflow.own import settings_at
from cdk_stream.workflow.pins import repinned


@dataclass(frozen=True, slots=True)
class Fetched:
    """A bundle that is on this machine now."""

    bundle: Bundle
    pin: BundlePin
    brought: bool
    """False when it was there already."""
    before: BundlePin | None = None
    """The pin until now, when it was another."""
    changes: tuple[str, ...] = ()
    """`+ a.rego`, `- b.rego`, `~ bundle.yml`: the files that differ from those until now."""


def fetch_bundles(root: Path, names: Sequence[str] = (), base: str = "") -> list[Fetched]:
    """Bring what the project in `root` pins, and where it left `base`; only `names`, if any.

    Raises `Refused` with CS730 and CS739, and `Usage` for a name or base that there is not.
    """
    loader = Loader(WorkTree(root))
    pins = loader.project().policies.bundles
    found = _each(pins, settings_at(loader), lambda pin: _fetched(pin, root))
    if base:
        found += _of_base(root, base)
    return list(_named(found, names))


def update_bundles(root: Path, names: Sequence[str] = ()) -> list[Fetched]:
    """Bring the newest of what the project follows, and write its pins into the project file.

    Raises as `fetch_bundles`; the file is written once, when everything has been brought.
    """
    loader = Loader(WorkTree(root))
    pins = loader.project().policies.bundles
    found = list(_named(_each(pins, settings_at(loader), lambda pin: _newest(pin, root)), names))
    content = loader.content(PROJECT_FILE)
    for one in found:
        if one.before is not None:
            content = repinned(content, pins.index(one.before), one.before, one.pin.pin)
    if content != loader.content(PROJECT_FILE):
        (root / PROJECT_FILE).write_bytes(content)
    return found


def _of_base(root: Path, base: str) -> list[Fetched]:
    repository = find_repository(root)
    commit = repository.merge_base(base)
    tree = repository.at(commit)
    if tree is None:
        return []
    pins = Loader(tree).project().policies.bundles
    return _each(pins, _whole, lambda pin: _fetched(pin, root, commit))


def _whole(pointer: str) -> Location:
    """Lines of another version would mislead."""
    return Location(PROJECT_FILE)


def _each(
    pins: Sequence[BundlePin],
    at: Callable[[str], Location],
    bring: Callable[[BundlePin], Fetched],
) -> list[Fetched]:
    found: list[Fetched] = []
    problems: list[Problem] = []
    for index, pin in enumerate(pins):
        try:
            found.append(bring(pin))
        except _Unpinned:
            problems.append(unpinned(pin, at(f"/bundles/{index}/{pin.pin_key}")))
        except FetchFailed as failed:
            where = at(f"/bundles/{index}/{pin.kind}")
            problems.append(Problem(where, "CS739", str(failed), failed.mend))
        except Faulty as faulty:
            where = at(f"/bundles/{index}/{pin.kind}")
            problems.append(Problem(where, "CS733", f"{pin} is no bundle: {faulty}"))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return found


class _Unpinned(Exception):
    pass


def _fetched(pin: BundlePin, root: Path, commit: str = "") -> Fetched:
    if not pin.pinned:
        raise _Unpinned
    bundle, brought = fetched(pin, root, commit)
    return Fetched(bundle, pin, brought)


def _newest(pin: BundlePin, root: Path) -> Fetched:
    newest = pin.model_copy(update={pin.pin_key: tip(pin, root)})
    bundle, brought = fetched(newest, root)
    if newest == pin:
        return Fetched(bundle, pin, brought)
    return Fetched(bundle, newest, brought, pin, tuple(_changes(_files(pin), _files(newest))))


def _files(pin: BundlePin) -> Mapping[str, bytes]:
    try:
        return (stored(pin) if pin.pinned else None) or {}
    except (Unsound, Faulty):
        return {}


def _changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted({*before, *after}):
        if path not in before:
            yield f"+ {path}"
        elif path not in after:
            yield f"- {path}"
        elif before[path] != after[path]:
            yield f"~ {path}"


def _named(found: Sequence[Fetched], names: Sequence[str]) -> Iterator[Fetched]:
    known = {one.bundle.name for one in found}
    for name in names:
        if name not in known:
            mend = near(name, known)
            raise Usage(f"no bundle is called '{name}'" + (f"\n    {mend}" if mend else ""))
    yield from (one for one in found if not names or one.bundle.name in names)
