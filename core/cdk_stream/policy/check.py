"""Everything that is wrong with a set of policies before any of them is asked."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.engine import EngineError, EntryPoint, RegoEngine
from cdk_stream.policy.metadata import Metadata, package_metadata
from cdk_stream.policy.module import ENTRIES, LIBRARY, Head, Module
from cdk_stream.policy.names import misspelt
from cdk_stream.policy.nesting import DEEPEST, too_deep
from cdk_stream.policy.text import Text
from cdk_stream.problems import Location, Problem, Refused

_OLD_SYNTAX = "`if` keyword is required"


@dataclass(frozen=True, slots=True)
class Policy:
    """A package under `stream.rules` with the rules that collect its findings."""

    metadata: Metadata
    path: str
    entries: tuple[EntryPoint, ...]
    bundle: str = ""
    """The name of the bundle that brings it."""


def load_policies(bundles: Sequence[PolicyBundle], engine: RegoEngine) -> tuple[Policy, ...]:
    """Read `bundles` into `engine` and give its policies, by id.

    Raises `Refused` with every problem found: CS701 to CS709 and CS714 to CS718 of docs/codes.md.
    """
    texts = {path: text for bundle in bundles for path, text in bundle.modules.items()}
    read(bundles, engine)
    modules = engine.modules()
    owners = {path: bundle.name for bundle in bundles for path in bundle.modules}
    policies, problems = _describe(modules, texts, owners)
    if not problems:  # else parameters of a policy without METADATA would be unknown
        known = [policy.metadata for policy in policies]
        problems += misspelt(modules, engine.builtins(), known)
    if not problems:  # else a name that is nothing would be told twice
        problems += _lint(engine.texts(), known)
    problems += _misplaced(modules, owners)
    problems += _repeated(policies)
    _refuse(problems)
    _compile(engine)
    if not policies:
        mend = "put a policy of package `stream.rules.NAME` in the project, or use a bundle of them"
        raise Refused(
            [
                Problem(
                    Location("stream_project.yml"), "CS703", "there is no policy to judge by", mend
                )
            ]
        )
    return tuple(sorted(policies, key=lambda policy: policy.metadata.id))


def _lint(texts: Sequence[Text], known: Iterable[Metadata]) -> list[Problem]:
    """What `lint` finds; it is read only here, for policies are rarely new."""
    found: list[Problem] = importlib.import_module("cdk_stream.policy.lint.check").lint(
        texts, known
    )
    return found


def _compile(engine: RegoEngine) -> None:
    """Raise `Refused` for what only the engine's compiler finds: unsafe variables, recursion."""
    try:
        engine.compile()
    except EngineError as error:
        where = Location(error.path or "stream_project.yml", error.line, error.column)
        raise Refused(
            [Problem(where, "CS718", f"it cannot be evaluated: {error.message}")]
        ) from error


def _refuse(problems: Iterable[Problem]) -> None:
    told = sorted(problems, key=lambda problem: (problem.location, problem.code, problem.message))
    if told:
        raise Refused(told)


def read(bundles: Sequence[PolicyBundle], engine: RegoEngine) -> None:
    """Parse every file; raises `Refused` with CS701, CS702 and CS705."""
    _refuse(_unread(bundles, engine))


def _unread(bundles: Sequence[PolicyBundle], engine: RegoEngine) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for bundle in bundles:
        for path, text in bundle.modules.items():
            if path in seen:
                message = f"bundles '{seen[path]}' and '{bundle.name}' both bring this file"
                yield Problem(Location(path), "CS705", message, "rename one of the two")
                continue
            seen[path] = bundle.name
            if problem := _read(path, text, engine):
                yield problem


def _read(path: str, text: str, engine: RegoEngine) -> Problem | None:
    if place := too_deep(text):
        message = f"brackets are nested more than {DEEPEST} deep"
        return Problem(Location(path, *place), "CS701", message, "name the inner parts")
    try:
        engine.read(path, text)
    except EngineError as error:
        return _not_rego(error, path)
    return None


def _not_rego(error: EngineError, path: str) -> Problem:
    where = Location(error.path or path, error.line, error.column)
    if _OLD_SYNTAX in error.message:
        mend = "write `deny contains finding if { ... }`"
        return Problem(where, "CS702", "this is Rego as it was before version 1", mend)
    return Problem(where, "CS701", f"not Rego: {error.message}")


def _describe(
    modules: Iterable[Module], texts: dict[str, str], owners: dict[str, str]
) -> tuple[list[Policy], list[Problem]]:
    policies: list[Policy] = []
    problems: list[Problem] = []
    for module in modules:
        if not module.decides:
            continue
        try:
            metadata = package_metadata(texts[module.path], module.path, module.line)
        except Refused as refused:
            problems += refused.problems
            continue
        problems += _entry_problems(module)
        found = {head.name for head in module.heads}
        entries = tuple(EntryPoint(module.package, rule) for rule in ENTRIES if rule in found)
        policies.append(Policy(metadata, module.path, entries, owners[module.path]))
    return policies, problems


def _entry_problems(module: Module) -> Iterator[Problem]:
    entries = [head for head in module.heads if head.name in ENTRIES]
    if not entries:
        message = f"policy '{'.'.join(module.package)}' decides nothing"
        mend = "write a rule `deny contains finding if { ... }`, or warn, or require_approval"
        yield Problem(module.at(module.line), "CS706", message, mend)
    yield from (_no_collection(module, head) for head in entries if not head.collects)


def _no_collection(module: Module, head: Head) -> Problem:
    message = f"rule '{head.name}' does not collect findings"
    mend = f"write `{head.name} contains finding if {{ ... }}`"
    return Problem(module.at(head.line, head.column), "CS706", message, mend)


def _misplaced(modules: Sequence[Module], owners: dict[str, str]) -> Iterator[Problem]:
    packages: dict[tuple[str, ...], list[Module]] = defaultdict(list)
    for module in modules:
        packages[module.package].append(module)
        if not (module.decides or module.is_library):
            yield _outside(module)
    for package, found in packages.items():
        yield from _shared(package, found, owners)
        yield from _shadowed(found, packages)


def _outside(module: Module) -> Problem:
    message = f"package '{'.'.join(module.package)}' is neither a policy nor a library"
    mend = "name it `stream.rules.NAME` to judge, or `stream.lib.NAME` to be imported"
    return Problem(module.at(module.line), "CS707", message, mend)


def _shared(
    package: tuple[str, ...], found: list[Module], owners: dict[str, str]
) -> Iterator[Problem]:
    """A policy is one file; a library may be several, but of one bundle: none adds to another's."""
    for first, second in pairwise(found):
        if second.decides or owners[first.path] != owners[second.path]:
            message = f"package '{'.'.join(package)}' is declared in '{first.path}' as well"
            root = LIBRARY if second.is_library else package[:2]
            mend = f"name this one `{'.'.join(root)}.NAME`, each policy in a file of its own"
            yield Problem(second.at(second.line), "CS705", message, mend)


def _shadowed(
    found: list[Module], packages: dict[tuple[str, ...], list[Module]]
) -> Iterator[Problem]:
    """A rule by the name of a package below its own would be lost, or lose that package."""
    for module in found:
        for head in module.heads:
            for other in packages.get((*module.package, head.name), ()):
                message = f"package '{'.'.join(other.package)}' has the name of a rule"
                mend = f"rename it, or the rule in '{module.path}'"
                yield Problem(other.at(other.line), "CS705", message, mend)


def _repeated(policies: Iterable[Policy]) -> Iterator[Problem]:
    seen: dict[str, Policy] = {}
    for policy in policies:
        first = seen.setdefault(policy.metadata.id, policy)
        if first is not policy:
            message = f"policy id '{policy.metadata.id}' is taken by '{first.path}'"
            yield Problem(Location(policy.path), "CS705", message, "choose another `custom.id`")
