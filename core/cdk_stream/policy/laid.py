"""What all bundles of a project lay down together, and where the project says against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import Policy
from cdk_stream.policy.level import At, in_project, misset, misspelt_settings, own_level
from cdk_stream.policy.terms import ALL, NO_TERMS
from cdk_stream.problems import Location, Problem, near, refuse_errors
from cdk_stream.resources.project import PolicySettings

_STRICTNESS = {"off": 0, "warn": 1, "deny": 2}


@dataclass(slots=True)
class Laid:
    """The terms of several bundles as one."""

    levels: dict[str, str] = field(default_factory=dict)
    params: dict[str, dict[str, Any]] = field(default_factory=dict)
    required: dict[str, str] = field(default_factory=dict)
    """Policy id -> the bundle that requires it."""
    overridable: dict[str, set[str]] = field(default_factory=dict)
    unwaivable: dict[str, str] = field(default_factory=dict)
    """Policy id -> the bundle that lets no waiver be about it."""


def standing(
    policies: Sequence[Policy],
    settings: PolicySettings,
    bundles: Sequence[PolicyBundle],
    at: At = in_project,
) -> tuple[PolicySettings, Laid]:
    """The settings that hold, and what bundles lay down.

    Raises `Refused` when a bundle or the project says what is not theirs to say: CS712, CS713,
    CS733 to CS736.
    """
    problems: list[Problem] = []
    laid = laid_down(policies, bundles, problems)
    problems += misspelt_settings(policies, settings, at, laid.params)
    problems += _loosened(policies, settings, laid, at)
    refuse_errors(problems)
    return governed(settings, laid), laid


def governed(settings: PolicySettings, laid: Laid) -> PolicySettings:
    """What the project says, over what bundles lay down."""
    if not (laid.levels or laid.params):
        return settings
    params = {
        name: {**laid.params.get(name, {}), **settings.params.get(name, {})}
        for name in {*laid.params, *settings.params}
    }
    return settings.model_copy(
        update={"levels": {**laid.levels, **settings.levels}, "params": params}
    )


def laid_down(
    policies: Sequence[Policy], bundles: Sequence[PolicyBundle], problems: list[Problem]
) -> Laid:
    """The terms of all bundles; what is wrong with them goes to `problems`."""
    laid = Laid()
    known = {policy.metadata.id: policy for policy in policies}
    for bundle in bundles:
        if bundle.terms == NO_TERMS:
            continue
        problems += _unknown(bundle, known)
        problems += _contradicted(bundle, laid)
        terms = bundle.terms
        brought = [policy.metadata.id for policy in policies if policy.bundle == bundle.name]
        laid.levels.update(terms.levels)
        for name, values in terms.params.items():
            laid.params.setdefault(name, {}).update(values)
        for name in terms.means(terms.required, brought):
            free = set(terms.overridable.get(name, ()))
            # Of two bundles that require a policy, each must agree.
            mine = laid.overridable[name] & free if name in laid.required else free
            laid.overridable[name] = mine
            laid.required.setdefault(name, bundle.name)
        for name in terms.means(terms.unwaivable, brought):
            laid.unwaivable.setdefault(name, bundle.name)
    problems += _undermined(policies, bundles, laid)
    return laid


def _undermined(
    policies: Sequence[Policy], bundles: Sequence[PolicyBundle], laid: Laid
) -> Iterator[Problem]:
    """What a bundle sets of a policy that another one requires as it is."""
    known = {policy.metadata.id: policy for policy in policies}
    for bundle in bundles:
        for name in sorted(laid.required.keys() & known.keys()):
            if laid.required[name] == bundle.name:
                continue
            holder = next(one.terms for one in bundles if one.name == laid.required[name])
            weaker = bundle.terms.levels.get(name, "deny")
            asked = holder.levels.get(name, own_level(known[name]))
            keys = [
                key
                for key, value in bundle.terms.params.get(name, {}).items()
                if key not in {*laid.overridable[name], *holder.params.get(name, {})}
                and value != known[name].metadata.params.get(key)
            ]
            if _STRICTNESS[weaker] < _STRICTNESS[asked] or keys:
                message = f"bundle '{bundle.name}' sets policy '{name}', which bundle "
                message += f"'{laid.required[name]}' requires as it is"
                yield Problem(Location(bundle.terms.file), "CS734", message, "take it out of one")


def _unknown(bundle: PolicyBundle, known: Mapping[str, Policy]) -> Iterator[Problem]:
    """Policies and parameters that a bundle names and nobody brings."""
    terms, where = bundle.terms, Location(bundle.terms.file)
    named = {*terms.required, *terms.unwaivable} - {ALL}
    for name in sorted({*named, *terms.levels, *terms.params, *terms.overridable} - known.keys()):
        message = f"bundle '{bundle.name}' is about policy '{name}', which does not exist here"
        mend = near(name, known) or "does the project leave out a plugin that brings it?"
        yield Problem(where, "CS733", message, mend)
    for name in sorted(terms.params.keys() & known.keys()):
        values = terms.params[name]
        for _, _, message, mend in misset(known[name].metadata, values, values):
            yield Problem(where, "CS733", message, mend)
    for name in sorted(terms.overridable.keys() & known.keys()):
        parameters = known[name].metadata.parameters
        for key in sorted(set(terms.overridable[name]) - parameters.keys()):
            message = f"policy '{name}' has no parameter '{key}'"
            yield Problem(where, "CS733", message, near(key, parameters))


def _contradicted(bundle: PolicyBundle, laid: Laid) -> Iterator[Problem]:
    """What a bundle lays down otherwise than one before it."""
    terms = bundle.terms
    told = [name for name, said in terms.levels.items() if laid.levels.get(name, said) != said]
    told += [
        f"{name}.{key}"
        for name, values in terms.params.items()
        for key, value in values.items()
        if laid.params.get(name, {}).get(key, value) != value
    ]
    for name in told:
        message = f"bundle '{bundle.name}' sets '{name}' to another value than a bundle before it"
        yield Problem(Location(terms.file), "CS734", message, "let one of the two set it")


def _loosened(
    policies: Sequence[Policy], settings: PolicySettings, laid: Laid, at: At
) -> Iterator[Problem]:
    """CS735 and CS736: where the project takes back what a bundle requires."""
    for policy in policies:
        name = policy.metadata.id
        bundle = laid.required.get(name)
        if bundle is None:
            continue
        asked = laid.levels.get(name, own_level(policy))
        said = settings.levels.get(name, asked)
        if _STRICTNESS[said] < _STRICTNESS[asked]:
            message = f"bundle '{bundle}' requires policy '{name}' at '{asked}', not at '{said}'"
            yield Problem(at(f"/levels/{name}"), "CS735", message, "take the level out")
        yield from _own_values(policy, settings, laid, bundle, at)


def _own_values(
    policy: Policy, settings: PolicySettings, laid: Laid, bundle: str, at: At
) -> Iterator[Problem]:
    name = policy.metadata.id
    holds = {**policy.metadata.params, **laid.params.get(name, {})}
    free = laid.overridable.get(name, set())
    for key, value in sorted(settings.params.get(name, {}).items()):
        if key in holds and key not in free and value != holds[key]:
            message = f"bundle '{bundle}' lets no project set '{key}' of its policy '{name}'"
            mend = f"leave it out, which means {holds[key]!r}"
            if free:
                mend += f"; yours to set: {', '.join(sorted(free))}"
            yield Problem(at(f"/params/{name}/{key}"), "CS736", message, mend)
