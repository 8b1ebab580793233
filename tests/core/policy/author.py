"""Policies as nobody would write them, of all that Rego has."""

from __future__ import annotations

import random

DOCUMENT = {
    "l": [
        {"a": 1, "kind": "a", "tags": ["a", "x"], "cols": [{"n": 1}, {"a": "x"}]},
        {"b": "x", "n": 2.5, "cols": {"k1": {"a": 1}, "k2": {"b": []}}},
        "x",
        3,
        None,
        {"a": None, "c": False, "tags": []},
    ],
    "o": {
        "k1": {"a": "x", "kind": "a", "cols": ["a", "b"]},
        "k2": {"b": {"a": {"c": 1}}, "n": 0, "tags": ["x"]},
        "k3": {},
    },
}
_FIELDS = ("a", "b", "c", "kind", "tags", "cols", "n", "gone")
_LITERALS = ("1", "2", "0", '"a"', '"x"', "true", "false", "null", "[]", '["a", "x"]', "{}")
_CALLS = ("upper", "lower", "type_name", "is_string", "sort", "max", "sum", "object.keys", "count")
_TESTS = ("startswith", "contains", "endswith")
_COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")


class Author:
    """Writes policies by chance; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._names = 0

    def policy(self) -> str:
        """A policy of package `stream.rules.f`."""
        parts = [self._rule("deny"), self._rule("helper"), "deny contains x if some x in helper\n"]
        parts += [f"f(x) := {self._expression(['x'], 1)}\n"]
        parts += [f"g(x) := {self._expression(['x'], 1)} if {self._statement(['x'], 1)}\n"]
        chain = (
            f"if {{ {self._statement(['x'], 1)} }} else := 2 if {{ {self._statement(['x'], 1)} }}"
        )
        return "package stream.rules.f\n" + "".join([*parts, f"h(x) := 1 {chain} else := 3\n"])

    def _pick(self, *options: str) -> str:
        return self._chance.choice(options)

    def _name(self) -> str:
        self._names += 1
        return f"v{self._names}"

    def _rule(self, name: str) -> str:
        known: list[str] = []
        body = []
        for _ in range(self._chance.randint(1, 3)):
            variable = self._name()
            if known and self._chance.random() < 0.3:
                body.append(f"{variable} := {self._expression(known)}")
            else:
                inner = [f"{one}.cols" for one in known]
                body.append(f"some {variable} in {self._pick('input.l', 'input.o', *inner)}")
            known.append(variable)
        if self._chance.random() < 0.7:
            body.append(self._statement(known))
        lines = "".join(f"\t{line}\n" for line in body)
        return f"{name} contains {self._expression(known)} if {{\n{lines}}}\n"

    def _expression(self, known: list[str], depth: int = 0) -> str:
        chance = self._chance.random()
        if chance < 0.25:
            return self._pick(*known)
        if chance < 0.55:
            return f"{self._pick(*known)}.{self._pick(*_FIELDS)}"
        if chance < 0.65 or depth > 1:
            return self._pick(*_LITERALS)
        return self._composed(known, depth + 1)

    def _composed(self, known: list[str], depth: int) -> str:
        one, two = self._expression(known, depth), self._expression(known, depth)
        variable = self._name()
        loop = f"some {variable} in {self._pick('input.l', 'input.o', *known)}"
        if self._chance.random() < 0.5:
            loop += f"; {self._statement([*known, variable], depth)}"
        term = self._expression([*known, variable], depth)
        return self._pick(
            f"{self._pick(*_CALLS)}({one})",
            f"{self._pick('f', 'g', 'h')}({one})",
            f"[{one}, {two}]",
            f'{{"p": {one}, "q": {two}}}',
            f"[{term} | {loop}]",
            f"{{{term} | {loop}}}",
            f'object.get({one}, "{self._pick(*_FIELDS)}", {two})',
            f'sprintf("%v", [{one}])',
            f"({one} {self._pick('+', '-', '*')} {two})",
        )

    def _statement(self, known: list[str], depth: int = 0) -> str:
        one, two = self._expression(known, depth + 1), self._expression(known, depth + 1)
        variable = self._name()
        return self._pick(
            f"{one} {self._pick(*_COMPARISONS)} {two}",
            f"not {one} {self._pick(*_COMPARISONS)} {two}",
            f"not {one}",
            f"{one} in {two}",
            f"not {one} in {two}",
            f"{self._pick(*_TESTS)}({one}, {two})",
            f"not {self._pick(*_TESTS)}({one}, {two})",
            f"every {variable} in {one} {{ {variable} == {two} }}",
            f"is_string({one})",
            one,
        )
