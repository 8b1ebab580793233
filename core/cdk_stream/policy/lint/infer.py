"""Expressions -> their shapes, and what in them can never be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cdk_stream.policy.lint.calls import DIFFER, NEVER, result, wrong, wrong_number
from cdk_stream.policy.lint.compare import compare, never
from cdk_stream.policy.lint.reference import constant_of, links_of, references
from cdk_stream.policy.lint.scope import Scope, path_of
from cdk_stream.policy.lint.shape import (
    ANYTHING,
    BOOLEAN,
    FRACTION,
    NULL,
    NUMBER,
    Many,
    Object,
    Scalar,
    Shape,
    alternatives,
    either,
    field,
    fields,
    items,
    keys,
    kinds,
)
from cdk_stream.policy.lint.world import World
from cdk_stream.policy.signature import signatures
from cdk_stream.policy.text import Text, Tree, imported, names_of
from cdk_stream.problems import near

OPTIONAL, UNABLE = "CS715", "CS718"
_EXACT = 2**64
"""Whole numbers from here on are rounded by some engines."""
Query = Callable[["Inference", Tree, Scope], None]


class Inference:
    """The expressions of one file. `query` looks at the body of a comprehension."""

    def __init__(self, world: World, text: Text, document: Shape, query: Query) -> None:
        self.world = world
        self.text = text
        self.document = document
        self.package = names_of(text.tree["package"]["refr"])[0]
        self.imports = imported(text)
        self.statement: Tree = {}
        """The call that is a statement of its own: its last argument may get the result."""
        self._query = query
        self._by_kind: Mapping[str, Callable[[Tree, Scope], Shape]] = {
            "ArithExpr": self._arithmetic,
            "Array": self._array,
            "ArrayCompr": self._list_comprehension,
            "AssignExpr": self._pair,
            "BinExpr": self._of_sets,
            "Bool": lambda _node, _scope: BOOLEAN,
            "BoolExpr": self._comparison,
            "Call": self._call,
            "Membership": self._membership,
            "Null": lambda _node, _scope: NULL,
            "Number": self._number,
            "Object": self._object,
            "ObjectCompr": self._mapping_comprehension,
            "RawString": lambda node, _scope: Scalar("string", frozenset({node["value"]})),
            "RefBrack": self._indexed,
            "RefDot": self._dotted,
            "Set": self._set,
            "SetCompr": self._set_comprehension,
            "String": lambda node, _scope: Scalar("string", frozenset({node["value"]})),
            "UnaryExpr": lambda node, scope: NUMBER,
            "Var": self._variable,
        }

    def tell(self, expression: Tree, code: str, message: str, mend: str = "") -> None:
        self.world.faults.tell(self.text, expression, code, message, mend)

    def shape(self, expression: Tree, scope: Scope) -> Shape:
        """What the value is; faults in it are told to the world."""
        ((kind, node),) = expression.items()
        look = self._by_kind.get(kind)
        return look(node, scope) if look else ANYTHING

    def _variable(self, node: Tree, scope: Scope) -> Shape:
        name = node["value"]
        if (known := scope.must_be(name)) is not None:
            return known
        if (known := scope.shape(name)) is not None:
            return known
        if name == "input":
            return self.document
        if name in self.imports:
            return self._global(self.imports[name])[0]
        if (rule := self.world.rule(self.package, name)) is not None:
            return rule
        if name not in ("_", "data"):
            scope.missed = True
            mend = "say `some x in ...` or `x := ...` with it, or mend its name"
            self.tell({"Var": node}, UNABLE, f"variable '{name}' has no value", mend)
        return ANYTHING

    def _global(self, names: tuple[str, ...]) -> tuple[Shape, int]:
        """What the absolute path of names is, and how many of them that took."""
        if names[0] == "data":
            shape, taken = self.world.data(names[1:])
            return shape, taken + 1
        shape = self.document
        for name in names[1:]:
            found = field(shape, name)
            shape = found[0] if found else ANYTHING
        return shape, len(names)

    def _dotted(self, node: Tree, scope: Scope) -> Shape:
        return self._reference({"RefDot": node}, scope)

    def _indexed(self, node: Tree, scope: Scope) -> Shape:
        return self._reference({"RefBrack": node}, scope)

    def _reference(self, expression: Tree, scope: Scope) -> Shape:
        links = list(links_of(expression))
        base, rest = links[0], links[1:]
        shape: Shape
        if "Var" in base and not self._is_local(base["Var"]["value"], scope):
            shape, rest = self._from_global(base["Var"]["value"], rest, base, scope)
        else:
            shape = self.shape(base, scope)
        for link in rest:
            shape = self._step(shape, link, scope)
        return shape

    def _is_local(self, name: str, scope: Scope) -> bool:
        return scope.shape(name) is not None or scope.must_be(name) is not None

    def _from_global(
        self, name: str, rest: list[Tree], base: Tree, scope: Scope
    ) -> tuple[Shape, list[Tree]]:
        """Follow constant names from `data` or an import as far as they name a rule."""
        start = ("data",) if name == "data" else self.imports.get(name, ())
        if not start:
            return self.shape(base, scope), rest
        names = list(start)
        for link in rest:
            constant = constant_of(link)
            if constant is None:
                break
            names.append(constant)
        if start[0] == "input":
            return self._global(start)[0], rest
        shape, taken = self._global(tuple(names))
        return shape, rest[max(0, taken - len(start)) :]

    def _step(self, shape: Shape, link: Tree, scope: Scope) -> Shape:
        """One more `.name` or `[index]`; `link` is the reference up to it."""
        name = constant_of(link)
        here = path_of(link)
        if name is None:
            index = link["RefBrack"]["index"]
            found = self._looked_up(shape, index, scope)
        else:
            known = field(shape, name)
            if known is None:
                self._no_field(shape, name, link)
                return ANYTHING
            found = known[0]
        narrowed = scope.must_be(here) if here else None
        return found if narrowed is None else narrowed

    def _looked_up(self, shape: Shape, index: Tree, scope: Scope) -> Shape:
        variable = index.get("Var", {}).get("value", "")
        if variable and variable != "_" and self.is_free(variable, scope):
            scope.names[variable] = keys(shape)
        else:
            position = index.get("Number", {}).get("value")
            if isinstance(position, int) and isinstance(shape, Many) and shape.first:
                if 0 <= position < len(shape.first):
                    return shape.first[position]
                self.tell(index, NEVER, f"there is no item {position} here")
                return ANYTHING
            if variable != "_":
                self.shape(index, scope)
        return items(shape)

    def is_free(self, name: str, scope: Scope) -> bool:
        if self._is_local(name, scope):
            return False
        return scope.declares(name) or (
            name not in self.imports
            and name not in ("input", "data")
            and self.world.rule(self.package, name) is None
        )

    def _no_field(self, shape: Shape, name: str, link: Tree) -> None:
        known = sorted(set(fields(shape)))
        if known:
            what = {option.name for option in alternatives(shape) if isinstance(option, Object)}
            of = " or ".join(sorted(what - {""}))
            self.tell(
                link,
                NEVER,
                f"there is no field '{name}'" + (f" of a {of}" if of else " here"),
                near(name, known),
            )
        else:
            are = " or ".join(sorted(kinds(shape))) or "empty"
            self.tell(link, NEVER, f"there is no field '{name}' here: the value is {are}")

    def _call(self, node: Tree, scope: Scope) -> Shape:
        names = names_of(node["fcn"])[0]
        output = node is self.statement
        given = [self.shape(argument, scope) for argument in node["params"]]
        if not names:
            return ANYTHING
        full = self.imports[names[0]] + names[1:] if names[0] in self.imports else names
        own = (self.package, full[0]) if len(full) == 1 else None
        target = self.world.function(full[1:]) if full[0] == "data" else own
        if target and (found := self.world.call(*target, given)) is not None:
            arity = self.world.arity(*target)
            message = wrong_number(target[1], arity, len(given), output=output)
            if message:
                self.tell(node["fcn"], NEVER, message)
            return found
        name = ".".join(full)
        if name not in signatures():
            return ANYTHING
        for code, message, mend in wrong(name, node["params"], given, output=output):
            self.tell(node["fcn"], code, message, mend)
        if name == "sprintf":
            self.said(node["params"][-1], scope)
        return result(name, node["params"], given)

    def _number(self, node: Tree, _scope: Scope) -> Shape:
        value = node["value"]
        if isinstance(value, int | float) and abs(value) >= _EXACT:
            mend = "compare it as text, or in a larger unit"
            self.tell({"Number": node}, DIFFER, "engines round whole numbers of this size", mend)
        is_whole = isinstance(value, int) or float(value).is_integer()
        return NUMBER if is_whole else FRACTION

    def _arithmetic(self, node: Tree, scope: Scope) -> Shape:
        sides = [self.shape(node[side], scope) for side in ("lhs", "rhs")]
        known = [kinds(side) for side in sides]
        if node["op"] == "Sub" and any("set" in side for side in known):
            return sides[0]
        for side, found in zip(("lhs", "rhs"), known, strict=True):
            if found and not found & {"number", "set"}:
                are = " or ".join(sorted(found))
                self.tell(node[side], NEVER, f"arithmetic with {are}, which has no value")
        fractions = any(isinstance(side, Scalar) and side.fraction for side in sides)
        if node["op"] == "Div" and _is_rounded(node):
            return NUMBER
        if node["op"] == "Sub" and not all(known):
            return ANYTHING  # numbers or sets
        return FRACTION if fractions or node["op"] == "Div" else NUMBER

    def _of_sets(self, node: Tree, scope: Scope) -> Shape:
        sides = [self.shape(node[side], scope) for side in ("lhs", "rhs")]
        for side, shape in zip(("lhs", "rhs"), sides, strict=True):
            if (found := kinds(shape)) and "set" not in found:
                are = " or ".join(sorted(found))
                self.tell(node[side], NEVER, f"`|` and `&` are for sets, and this is {are}")
        return Many("set", either(items(side) for side in sides))

    def _comparison(self, node: Tree, scope: Scope) -> Shape:
        left, right = (self.shape(node[side], scope) for side in ("lhs", "rhs"))
        compare(self.tell, node, left, right, node["op"])
        return BOOLEAN

    def _pair(self, node: Tree, scope: Scope) -> Shape:
        if node["op"] == "ColEq":
            self.shape(node["rhs"], scope)
            return BOOLEAN
        left, right = self.shape(node["lhs"], scope), self.shape(node["rhs"], scope)
        binds = "Var" in node["lhs"] or "Var" in node["rhs"]
        compare(self.tell, node, left, right, "" if binds else "Eq")
        return BOOLEAN

    def _membership(self, node: Tree, scope: Scope) -> Shape:
        shape = self.shape(node["value"], scope)
        if node["key"] is not None:
            self.shape(node["key"], scope)
        held = self.shape(node["collection"], scope)
        known = kinds(held)
        if known and not known & {"array", "set", "object"}:
            self.tell(node["collection"], NEVER, f"`in` looks into {' or '.join(sorted(known))}")
        ((kind, literal),) = node["collection"].items()
        if kind in ("Set", "Array"):
            for item in literal["items"]:
                never(self.tell, item, shape, self.shape(item, scope))
        return BOOLEAN

    def _array(self, node: Tree, scope: Scope) -> Shape:
        first = tuple(self.shape(item, scope) for item in node["items"])
        return Many("array", either(first), first)

    def _set(self, node: Tree, scope: Scope) -> Shape:
        return Many("set", either([self.shape(item, scope) for item in node["items"]]))

    def _object(self, node: Tree, scope: Scope) -> Shape:
        known: dict[str, tuple[Shape, bool]] = {}
        rest: Shape | None = None
        for _, key, value in node["fields"]:
            shape = self.shape(value, scope)
            if "String" in key:
                known[key["String"]["value"]] = shape, True
            else:
                self.shape(key, scope)
                rest = shape if rest is None else either([rest, shape])
        if "msg" in known:
            self.said({"Object": node}, scope)
        return Object(known, rest)

    def said(self, expression: Tree, scope: Scope) -> None:
        """Tell of what a message or finding needs though it may be absent: none would be left."""
        for link, whole in self._optional(expression, scope):
            name, inner = whole.rpartition(".")[2], whole.rpartition(".")[0]
            mend = f"put `{whole}` on a line of its own, or say "
            mend += f'`object.get({inner}, "{name}", "none")`'
            self.tell(link, OPTIONAL, f"'{name}' may be absent, and the finding with it", mend)

    def denied(self, expression: Tree, scope: Scope) -> None:
        """Tell of what `not` needs first though it may be absent: the rule would say nothing."""
        for link, whole in self._optional(expression, scope):
            name = whole.rpartition(".")[2]
            mend = f"put `{whole}` on a line of its own, and deny what lacks it by a rule "
            mend += f"with `not {whole}`"
            self.tell(link, OPTIONAL, f"'{name}' may be absent, and then `not` says nothing", mend)

    def _optional(self, expression: Tree, scope: Scope) -> Iterator[tuple[Tree, str]]:
        """The references in an expression that may be absent, each with its path."""
        for reference in references(expression):
            shape: Shape | None = None
            for link in links_of(reference):
                if shape is not None and (name := constant_of(link)) is not None:
                    known = field(shape, name)
                    if known and not known[1] and not scope.is_there(path_of(link)):
                        inner = next(iter(link.values()))["refr"]
                        yield link, f"{path_of(inner) or 'x'}.{name}"
                        break
                shape = self.shape(link, scope)

    def _list_comprehension(self, node: Tree, scope: Scope) -> Shape:
        return Many("array", self._term(node, "term", scope))

    def _set_comprehension(self, node: Tree, scope: Scope) -> Shape:
        return Many("set", self._term(node, "term", scope))

    def _mapping_comprehension(self, node: Tree, scope: Scope) -> Shape:
        inner = Scope(scope)
        self._query(self, node["query"], inner)
        self.shape(node["key"], inner)
        return Object({}, self.shape(node["value"], inner))

    def _term(self, node: Tree, name: str, scope: Scope) -> Shape:
        inner = Scope(scope)
        self._query(self, node["query"], inner)
        return self.shape(node[name], inner)


def _is_rounded(division: Tree) -> bool:
    """`round(x * 100) / 100`, which has the same two digits everywhere."""
    rounded = names_of(division["lhs"]["Call"]["fcn"])[0] if "Call" in division["lhs"] else ()
    by = division["rhs"]["Number"]["value"] if "Number" in division["rhs"] else 0
    return rounded in (("round",), ("floor",), ("ceil",)) and by in (10, 100, 1000, 10_000)
