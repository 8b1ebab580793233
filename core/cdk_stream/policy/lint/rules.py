"""The rules of all policies and libraries, each looked at once for what it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cdk_stream.policy.lint.assume import bind
from cdk_stream.policy.lint.calls import DIFFER
from cdk_stream.policy.lint.infer import UNABLE, Inference
from cdk_stream.policy.lint.query import look
from cdk_stream.policy.lint.scope import Scope
from cdk_stream.policy.lint.shape import ANYTHING, BOOLEAN, Many, Object, Shape, either
from cdk_stream.policy.lint.world import Faults
from cdk_stream.policy.module import ENTRIES
from cdk_stream.policy.text import Text, Tree, names_of

_MOST = 20_000  # calls looked at; what calls more is taken on trust
_RESERVED = ("data", "input")
Name = tuple[tuple[str, ...], str]
"""A rule: its package and name."""


class Rules:
    """A `World` of these files."""

    def __init__(
        self, texts: Iterable[Text], params: Mapping[str, Mapping[str, Shape]], document: Shape
    ) -> None:
        """`params` are the parameters by policy id; `document` is what `input` is."""
        self.faults = Faults()
        self._params = {
            policy: Object({name: (shape, True) for name, shape in known.items()}, None)
            for policy, known in params.items()
        }
        self._defined: dict[Name, list[tuple[Inference, Tree]]] = {}
        self._packages: set[tuple[str, ...]] = set()
        self._rules: dict[Name, Shape] = {}
        self._busy: set[Name] = set()
        self._calls: dict[tuple[Any, ...], tuple[Shape, Sequence[Shape]]] = {}
        for text in texts:
            self._define(Inference(self, text, document, look))

    def _define(self, inference: Inference) -> None:
        self._packages.add(inference.package)
        for rule in inference.text.tree["rules"]:
            name = names_of(_reference(rule))[0]
            if name:
                if _arguments(rule) and "Var" not in _reference(rule):
                    mend = "name it without dots"
                    inference.tell(_reference(rule), DIFFER, "a function's name has dots", mend)
                self._defined.setdefault((inference.package, name[0]), []).append((inference, rule))

    def look(self) -> None:
        """Look at every rule; functions that nobody calls get anything."""
        for package, name in self._defined:
            if not self._is_function((package, name)):
                self.rule(package, name)
        called = {(key[0], key[1]) for key in self._calls}
        for package, name in self._defined:
            if self._is_function((package, name)) and (package, name) not in called:
                self.call(package, name, [ANYTHING] * self.arity(package, name))

    def rule(self, package: tuple[str, ...], name: str) -> Shape | None:
        key = package, name
        if key not in self._defined:
            return None
        if self._is_function(key) or self._needs_itself(key):
            return ANYTHING
        if key not in self._rules:
            quiet, self.faults.quiet = self.faults.quiet, 0
            self._rules[key] = self._looked_at(key, ())
            self.faults.quiet = quiet
        return self._rules[key]

    def call(self, package: tuple[str, ...], name: str, arguments: Sequence[Shape]) -> Shape | None:
        if not self._is_function((package, name)):
            return None
        key = (package, name, self.faults.quiet > 0, *map(id, arguments))
        if key not in self._calls:
            if self._needs_itself((package, name)) or len(self._calls) > _MOST:
                return ANYTHING
            self._calls[key] = self._looked_at((package, name), arguments), arguments
        return self._calls[key][0]

    def _looked_at(self, key: Name, arguments: Sequence[Shape]) -> Shape:
        self._busy.add(key)
        found = [_given(*definition, arguments) for definition in self._defined[key]]
        self._busy.remove(key)
        return either(found)

    def _needs_itself(self, key: Name) -> bool:
        """Engines refuse recursion when they come to it, or break off."""
        if key not in self._busy:
            return False
        inference, rule = self._defined[key][0]
        if all("Var" in _reference(rule) for _, rule in self._defined[key]):  # else of its parts
            inference.tell(_reference(rule), UNABLE, f"rule '{key[1]}' needs itself")
        return True

    def _is_function(self, key: Name) -> bool:
        return any(_arguments(rule) for _, rule in self._defined.get(key, ()))

    def arity(self, package: tuple[str, ...], name: str) -> int:
        counts = [len(_arguments(rule)) for _, rule in self._defined[package, name]]
        return max(counts)

    def data(self, path: tuple[str, ...]) -> tuple[Shape, int]:
        if path[:1] == ("params",):
            known = self._params.get(path[1]) if len(path) > 1 else None
            return (known, 2) if known is not None else (ANYTHING, len(path))
        package, name = self._split(path)
        found = self.rule(package, name) if package is not None and name else None
        if package is None or found is None:
            return ANYTHING, len(path)
        return found, len(package) + 1

    def function(self, path: tuple[str, ...]) -> Name | None:
        package, name = self._split(path)
        return (package, name) if package is not None and len(path) == len(package) + 1 else None

    def _split(self, path: tuple[str, ...]) -> tuple[tuple[str, ...] | None, str]:
        for end in range(len(path), 0, -1):
            if path[:end] in self._packages:
                return path[:end], path[end] if end < len(path) else ""
        return None, ""


def _reference(rule: Tree) -> Tree:
    if "Default" in rule:
        found: Tree = rule["Default"]["refr"]
        return found
    head: Tree = next(iter(rule["Spec"]["head"].values()))["refr"]
    return head


def _arguments(rule: Tree) -> list[Tree]:
    if "Default" in rule:
        return list(rule["Default"]["args"])
    return list(rule["Spec"]["head"].get("Func", {}).get("args", ()))


def _given(inference: Inference, rule: Tree, arguments: Sequence[Shape]) -> Shape:
    """What one definition gives."""
    if "Default" in rule:
        return inference.shape(rule["Default"]["value"], Scope())
    ((kind, head),) = rule["Spec"]["head"].items()
    bodies = rule["Spec"]["bodies"] or [{"query": {"stmts": []}, "assign": None}]
    found = []
    for number, body in enumerate(bodies):
        scope = Scope()
        for pattern, shape in zip(_arguments(rule), arguments, strict=False):
            _no_reserved(inference, pattern)
            bind(inference, pattern, shape, scope)
        look(inference, body["query"], scope)
        found.append(_value(inference, kind, head, None if number == 0 else body["assign"], scope))
    return either(found)


def _no_reserved(inference: Inference, pattern: Tree) -> None:
    name = pattern.get("Var", {}).get("value")
    if name in _RESERVED:
        inference.tell(pattern, DIFFER, f"an argument is called '{name}'", "choose another name")


def _value(inference: Inference, kind: str, head: Tree, assign: Tree | None, scope: Scope) -> Shape:
    assigned = assign or head.get("assign")
    name = names_of(head["refr"])[0][0]
    if kind == "Set":
        if head["key"] is None:
            return ANYTHING
        inner: Shape = Many("set", inference.shape(head["key"], scope))
        if name in ENTRIES:
            inference.said(head["key"], scope)
    else:
        inner = inference.shape(assigned["value"], scope) if assigned else BOOLEAN
    reference = head["refr"]
    while "Var" not in reference:
        ((link, node),) = reference.items()
        if link != "RefBrack" or "String" in node["index"]:
            return ANYTHING
        inference.shape(node["index"], scope)
        inner = Object({}, inner)
        reference = node["refr"]
    return inner
