"""Classes and protections, carried along column lineage to every place a value reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cdk_stream.problems import Severity, near
from cdk_stream.resources.classification import RANK, highest
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Project
from cdk_stream.results.entry import Imposed
from cdk_stream.results.stream import Protection, Stream, StreamColumn

Told = list[tuple[Complaint, Severity]]

_COUNT_CEILING = "internal"


def classify(
    stream: Stream,
    imposed: Iterable[tuple[str, Protection]],
    project: Project,
) -> Told:
    """Give every column of a stream its class, tags and protections; says what contradicts.

    `imposed` holds the rules that models put on this very node: (column, rule).
    """
    told: Told = []
    rules: dict[str, list[Protection]] = {}
    for column_name, rule in imposed:
        rules.setdefault(column_name, []).append(rule)
    if stream.kind == "source":
        _classify_source(stream, project)
        inherited: dict[str, tuple[Protection, ...]] = {}
    else:
        inherited = _inherit(stream, project)
        _declare(stream, project, told)
    for name, column in stream.columns.items():
        own = rules.get(name)
        held = inherited.get(name, ())
        column.protections = tuple(sorted({*held, *own})) if own else held
    return told


def _classify_source(stream: Stream, project: Project) -> None:
    source = stream.resource
    default = source.default_classification or project.default_classification
    specs = {spec.name: spec for spec in source.columns}
    for name, column in stream.columns.items():
        label = source.pii_tags.get(name)
        spec = specs.get(name)
        declared = highest(
            (label.classification if label else None, spec.classification if spec else None)
        )
        column.declared = declared is not None
        column.classification = declared or default
        tags = (label.tags if label else ()) + (spec.tags if spec else ())
        column.tags = tuple(sorted(set(tags)))


def _inherit(stream: Stream, project: Project) -> dict[str, tuple[Protection, ...]]:
    """Classes and tags from the inputs; gives the protections that come with them."""
    held: dict[str, tuple[Protection, ...]] = {}
    inputs = stream.inputs
    spread = project.security.implicit_flows == "propagate"
    ceilings = _ceilings(stream)
    for name, column in stream.columns.items():
        if len(column.edges) == 1:
            ((origin, kind),) = column.edges.items()
            source = _input_column(inputs, origin)
            if kind == "identity" and source is not None:
                column.classification, column.tags = source.classification, source.tags
                if source.protections:
                    held[name] = source.protections
                continue
        _combine(name, column, inputs, spread, ceilings.get(name), held)
    return held


def _combine(
    name: str,
    column: StreamColumn,
    inputs: Mapping[str, Stream],
    spread: bool,
    ceiling: str | None,
    held: dict[str, tuple[Protection, ...]],
) -> None:
    if not column.edges:
        column.classification = "public" if column.analysis == "exact" else None
        return
    level: str | None = "public"
    tags: set[str] = set()
    rules: set[Protection] = set()
    for origin, kind in column.edges.items():
        if kind == "conditional" and not spread:
            continue
        source = _input_column(inputs, origin)
        theirs = source.classification if source else None
        if kind == "count":
            theirs = _lower(theirs, _COUNT_CEILING)
        elif kind == "mask":
            theirs = _lower(theirs, ceiling or _COUNT_CEILING)
        elif source:
            tags.update(source.tags)
            rules.update(source.protections)
        level = None if level is None or theirs is None else _higher(level, theirs)
    column.classification = level
    column.tags = tuple(sorted(tags))
    if rules:
        held[name] = tuple(sorted(rules))


def _input_column(inputs: Mapping[str, Stream], origin: tuple[str, str]) -> StreamColumn | None:
    stream = inputs.get(origin[0])
    return stream.columns.get(origin[1]) if stream else None


def _ceilings(stream: Stream) -> dict[str, str]:
    if stream.analysis is None:
        return {}
    return {column.name: column.ceiling for column in stream.analysis.columns if column.ceiling}


def _higher(one: str, other: str) -> str:
    return one if RANK[one] >= RANK[other] else other


def _lower(level: str | None, ceiling: str) -> str:
    return ceiling if level is None or RANK[level] > RANK[ceiling] else level


def _declare(stream: Stream, project: Project, told: Told) -> None:
    """The author's own classes: higher is free, lower needs `declassify`."""
    model = stream.resource
    security = model.security
    reasons = {item.column: item for item in security.declassify}
    for index, item in enumerate(security.declassify):
        if item.column not in stream.columns and not stream.open:
            told.append(_no_column(item.column, stream, f"/security/declassify/{index}/column"))
    for name, pointer, level, tags in _own_classes(model):
        column = stream.columns.get(name)
        if column is None:
            if not stream.open:
                told.append(_not_selected(name, pointer, stream))
            continue
        column.tags = tuple(sorted({*column.tags, *tags}))
        if level is not None:
            _declare_column(name, column, level, pointer, name in reasons, told)
    for name, item in reasons.items():
        column = stream.columns.get(name)
        if column is not None:
            column.classification, column.declared = item.to, True
            column.declassified = item.reason
    default = security.default_classification or project.default_classification
    if default is not None:
        for column in stream.columns.values():
            column.classification = column.classification or default


def _own_classes(model: Any) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    classes = [
        (name, f"/security/classification/{name}", label.classification, label.tags)
        for name, label in model.security.classification.items()
    ]
    classes += [
        (spec.name, f"/columns/{index}", spec.classification, spec.tags)
        for index, spec in enumerate(model.columns)
        if spec.classification or spec.tags
    ]
    return classes


def _declare_column(
    name: str, column: StreamColumn, level: str, pointer: str, excused: bool, told: Told
) -> None:
    inherited = column.classification
    if inherited is not None and RANK[level] < RANK[inherited] and not excused:
        message = f"'{name}' is {inherited} by its origin and cannot become {level} in silence"
        mend = f"say why under 'security: declassify:' with column {name}, to {level} and a reason"
        told.append((Complaint("CS502", pointer, message, mend), Severity.ERROR))
        return
    column.classification, column.declared = level, True


def _no_column(name: str, stream: Stream, pointer: str) -> tuple[Complaint, Severity]:
    message = f"there is no column '{name}' in '{stream.name}'"
    return Complaint("CS501", pointer, message, near(name, stream.columns)), Severity.ERROR


def _not_selected(name: str, pointer: str, stream: Stream) -> tuple[Complaint, Severity]:
    if any(name in given.columns for given in stream.inputs.values()):
        message = f"'{name}' is classified here, but the model does not select it"
        mend = "take the line out, or select the column"
        return Complaint("CS503", pointer, message, mend), Severity.WARNING
    return _no_column(name, stream, pointer)


def impose(stream: Stream, project: Project) -> tuple[tuple[Imposed, ...], Told]:
    """The rules that a node's author wrote, each where the value it hides comes from first.

    A rule on a copied column is put on the source's column, so that nobody reads around the model.
    """
    told: Told = []
    imposed: list[Imposed] = []
    policies = stream.resource.security.policies
    allows = [policy.allow for policy in policies if policy.allow]
    for index, policy in enumerate(policies):
        pointer = f"/security/policies/{index}"
        _known_roles(policy, pointer, project, told)
        rule = policy.mask or policy.encrypt
        if rule is None:
            continue
        kind = "mask" if policy.mask else "encrypt"
        for name in rule.column:
            origins = _origins(name, stream, f"{pointer}/{kind}/column", told)
            for origin in origins:
                allowed = _allowed(name, allows)
                imposed.append((*origin, _protection(kind, rule, origin, stream, allowed, project)))
    return tuple(imposed), told


def _known_roles(policy: Any, pointer: str, project: Project, told: Told) -> None:
    named = []
    if policy.mask:
        named = [
            (role, f"{pointer}/mask/applied_in/{index}/roles")
            for index, group in enumerate(policy.mask.applied_in)
            for role in group.roles
        ]
    elif policy.allow:
        named = [(role, f"{pointer}/allow/roles") for role in policy.allow.roles]
    for role, at in named:
        if role not in project.roles:
            message = f"there is no role named '{role}'"
            mend = near(role, project.roles) or "declare it under 'roles' in stream_project.yml"
            told.append((Complaint("CS504", at, message, mend), Severity.ERROR))


def _origins(name: str, stream: Stream, pointer: str, told: Told) -> tuple[tuple[str, str], ...]:
    column = stream.columns.get(name)
    if column is not None:
        return column.copies
    behind = [given.columns[name] for given in stream.inputs.values() if name in given.columns]
    if not behind:
        if not stream.open:
            told.append(_no_column(name, stream, pointer))
        return ()
    message = (
        f"'{stream.name}' does not select '{name}': nothing of it leaves the model, "
        "but the topic behind it still holds it"
    )
    mend = "the rule is put on the topic behind it, for the same roles"
    told.append((Complaint("CS505", pointer, message, mend), Severity.WARNING))
    return tuple(sorted({origin for source in behind for origin in source.copies}))


def _allowed(name: str, allows: Iterable[Any]) -> tuple[tuple[str, ...], str]:
    roles: set[str] = set()
    purposes: set[str] = set()
    for allow in allows:
        if not allow.columns or name in allow.columns:
            roles.update(allow.roles)
            purposes.add(allow.purpose)
    return tuple(sorted(roles)), ", ".join(sorted(purposes - {""}))


def _protection(
    kind: str,
    rule: Any,
    origin: tuple[str, str],
    stream: Stream,
    allowed: tuple[tuple[str, ...], str],
    project: Project,
) -> Protection:
    roles, purpose = allowed
    if kind == "mask":
        return Protection(
            "mask",
            origin,
            stream.id,
            masking=rule.method,
            characters=rule.characters or 0,
            roles=tuple(sorted(set(rule.roles))),
            allowed=roles,
            purpose=purpose,
        )
    return Protection(
        "encrypt",
        origin,
        stream.id,
        allowed=roles,
        purpose=purpose,
        key=project.kms.get(rule.key, rule.key),
        algorithm=rule.algorithm,
    )
