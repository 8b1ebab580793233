"""Names of templates and macros that a node uses -> what it gets by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cdk_stream.bundle.bundle import Bundle, Pattern
from cdk_stream.bundle.piece import body, filled
from cdk_stream.policy.parameter import MISSING, faults
from cdk_stream.problems import near
from cdk_stream.resources.parse import Complaint, parse
from cdk_stream.resources.security import Use
from cdk_stream.results.expansion import Expansion


class Expander:
    """The templates and macros of a project's bundles, by name and by `BUNDLE/NAME`."""

    def __init__(self, bundles: Sequence[Bundle]) -> None:
        self._templates = _named((bundle.name, bundle.templates) for bundle in bundles)
        self._macros = _named((bundle.name, bundle.macros) for bundle in bundles)

    def expand(self, kind: str, resource: Any) -> Expansion:
        """A resource that names a template or macros, with what they stand for."""
        expansion = Expansion(resource)
        if kind == "test":
            self._test(resource, expansion)
        else:
            self._security(resource, expansion)
        return expansion

    def _test(self, test: Any, expansion: Expansion) -> None:
        found = self._made("template", test.template, test.with_, "", expansion)
        if found is None:
            return
        name, pattern, arguments, items = found
        expansion.borrow("/assertions", len(test.assertions), len(items), "/template", name)
        update = {
            "template": name,
            "with_": arguments,
            "assertions": (*test.assertions, *items),
        }
        if pattern.piece.on_failure and "on_failure" not in test.model_fields_set:
            update["on_failure"] = pattern.piece.on_failure
        expansion.resource = test.model_copy(update=update)

    def _security(self, resource: Any, expansion: Expansion) -> None:
        policies, uses = list(resource.security.policies), []
        for index, use in enumerate(resource.security.use):
            pointer = f"/security/use/{index}"
            found = self._made("macro", use.macro, use.with_, pointer, expansion)
            if found is None:
                continue
            name, _, arguments, items = found
            expansion.borrow("/security/policies", len(policies), len(items), pointer, name)
            policies += items
            uses.append(Use.model_construct(macro=name, with_=arguments))
        update = {"policies": tuple(policies), "use": tuple(uses)}
        security = resource.security.model_copy(update=update)
        expansion.resource = resource.model_copy(update={"security": security})

    def _made(
        self, word: str, name: str, given: Mapping[str, Any], pointer: str, expansion: Expansion
    ) -> tuple[str, Pattern, dict[str, Any], list[Any]] | None:
        """Full name, pattern, arguments and items; None, and why, when it cannot be."""
        known = self._templates if word == "template" else self._macros
        at = pointer or f"/{word}"
        pattern = known.get(name)
        if pattern is None:
            expansion.complaints.append(_unknown(word, name, known, at))
            return None
        full = f"{pattern.bundle}/{name.rpartition('/')[2]}"
        told = list(_misgiven(word, full, pattern, given, pointer))
        arguments = {key: one.default for key, one in pattern.parameters.items()} | dict(given)
        items: list[Any] = []
        _, written, class_ = body(pattern.piece)
        for item in written if not told else ():
            parsed = parse(class_, filled(item, arguments))
            if not isinstance(parsed, list):
                items.append(parsed)
                continue
            for one in parsed:
                message = f"{word} '{full}' does not fit here: {one.message}"
                told.append(Complaint("CS743", at, message, one.mend))
        expansion.complaints += told
        return None if told else (full, pattern, arguments, items)


def _named(
    bundles: Iterator[tuple[str, dict[str, Pattern]]] | Any,
) -> dict[str, Pattern | None]:
    """None for a bare name that two bundles have."""
    found: dict[str, Pattern | None] = {}
    for bundle, patterns in bundles:
        for name, pattern in patterns.items():
            found[f"{bundle}/{name}"] = pattern
            found[name] = None if name in found else pattern
    return found


def _unknown(word: str, name: str, known: Mapping[str, Pattern | None], pointer: str) -> Complaint:
    if name in known:
        full = [one for one in known if one.endswith(f"/{name}")]
        mend = "write " + " or ".join(f"'{one}'" for one in full)
        return Complaint("CS740", pointer, f"two bundles have a {word} '{name}'", mend)
    names = [one for one in known if "/" not in one] if "/" not in name else known
    mend = near(name, names) if known else "list a bundle that has it under `policies: bundles:`"
    return Complaint("CS740", pointer, f"no bundle of the project has a {word} '{name}'", mend)


def _misgiven(
    word: str, name: str, pattern: Pattern, given: Mapping[str, Any], pointer: str
) -> Iterator[Complaint]:
    for key in sorted(given.keys() - pattern.parameters.keys()):
        message = f"{word} '{name}' has no parameter '{key}'"
        mend = near(key, pattern.parameters)
        yield Complaint("CS741", f"{pointer}/with/{key}", message, mend)
    for key, known in pattern.parameters.items():
        if key in given:
            for fault in faults(given[key], known.schema, key):
                message = f"a parameter of {word} '{name}' does not fit: {fault}"
                yield Complaint("CS741", f"{pointer}/with/{key}", message, known.description)
        elif known.default is MISSING:
            message = f"{word} '{name}' needs the parameter '{key}'"
            mend = known.description or f"write it under `with: {key}:`"
            yield Complaint("CS741", pointer or f"/{word}", message, mend)
