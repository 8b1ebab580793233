"""CEL filters: which rows a boolean expression keeps, checked against the columns it names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cdk_stream.problems import near
from cdk_stream.results.relation import Field, Origin, OutputColumn, Relation
from cdk_stream.sql.analysis import Analysis, Finding
from cdk_stream.sql.spelling import Shape, shape

MAX_CHARACTERS = 50_000
MAX_DEPTH = 100

_ERROR = re.compile(r"ERROR: [^\n:]*:(\d+):(\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_UNEXPECTED = re.compile(r"(?:mismatched|extraneous) input '(.*?)' expecting ", re.DOTALL)
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '(.*)'")
_OPERATOR = re.compile(r"_?([^_\w]+|in|\?:)_?")

# Flink's type -> CEL's, and the type of the same that may be null.
_TYPES = {
    "BOOLEAN": ("BOOL", "google.protobuf.BoolValue"),
    "BIGINT": ("INT", "google.protobuf.Int64Value"),
    "DOUBLE": ("DOUBLE", "google.protobuf.DoubleValue"),
    "VARCHAR": ("STRING", "google.protobuf.StringValue"),
    "VARBINARY": ("BYTES", "google.protobuf.BytesValue"),
}
_TYPES |= dict.fromkeys(("TINYINT", "SMALLINT", "INT"), _TYPES["BIGINT"])
_TYPES |= {"FLOAT": _TYPES["DOUBLE"], "CHAR": _TYPES["VARCHAR"], "BINARY": _TYPES["VARBINARY"]}


def analyze_cel(expression: str, relation: Relation, node_id: str) -> Analysis:
    """Every column of `relation`, which is the node `node_id`, of the rows that `expression` keeps.

    What is wrong with the expression is among the findings; never raises on any text.
    """
    columns = [
        OutputColumn(name, field.type, field.nullable, {(node_id, name): "identity"})
        for name, field in relation.columns.items()
    ]
    analysis = Analysis(
        columns,
        event_time=relation.event_time,
        key=relation.key if relation.changelog != "append" else (),
        changelog=relation.changelog,
        open=relation.open,
        features={"filter"},
        filters=(" ".join(expression.split()),),
    )
    refused = _refused(expression)
    if refused is not None:
        analysis.findings.append(refused)
        return analysis
    found = _compiled(expression, relation)
    if isinstance(found, list):
        analysis.findings += found
        return analysis
    checked, names = found
    for name in names:
        origin: Origin = (node_id, name)
        analysis.influences[origin] = {"filter"}
    analysis.fingerprint = hashlib.sha256(b"cel:" + _body(checked)).hexdigest()[:32]
    return analysis


def _refused(expression: str) -> Finding | None:
    if not expression.strip():
        return Finding(1, 1, "CS451", "the CEL expression is empty", "write a condition")
    if len(expression) > MAX_CHARACTERS:
        message = f"a CEL expression of {len(expression)} characters is too long"
        return Finding(1, 1, "CS451", message, "split the model")
    depth = deepest = 0
    for sign in re.findall(r"[(\[{)\]}!-]", expression):
        depth += -1 if sign in ")]}" else 1 if sign in "([{" else 0
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or re.search(r"(?:[!-]\s*){50}", expression):
        message = f"a CEL expression nested more than {MAX_DEPTH} deep is refused"
        return Finding(1, 1, "CS451", message, "split the model")
    return None


@lru_cache(maxsize=1)
def _library() -> Any:
    """Google's cel-cpp; imported when a project has a CEL filter, not before."""
    from cel_expr_python import cel  # noqa: PLC0415

    return cel


def _compiled(expression: str, relation: Relation) -> tuple[bytes, list[str]] | list[Finding]:
    """The checked expression and the columns it names, or what is wrong with it."""
    cel = _library()
    variables = {name: _type(cel, field) for name, field in relation.columns.items()}
    extra: list[str] = []
    while True:
        try:
            compiled = cel.NewEnv(variables=variables).compile(expression)
            break
        except (RuntimeError, ValueError) as error:
            name = _undeclared(str(error)) if relation.open else ""
            if not name or name in variables:
                return _told(str(error), relation)
            variables[name] = cel.Type.DYN
            extra.append(name)
    result = compiled.return_type().name()
    if result.lower() not in ("bool", "dyn", "bool_wrapper"):
        message = f"a CEL filter answers true or false, and this answers {result.lower()}"
        return [Finding(1, 1, "CS453", message, "compare it with something")]
    checked = _any_value(compiled.serialize())
    named = {name for name in _references(checked) if name in variables}
    return checked, sorted(named)


def compiled_cel(expression: str, relation: Relation) -> Any:
    """An expression that `analyze_cel` found nothing wrong with, to be evaluated on rows.

    The engine takes no plain values for columns that may be null, so here all are dynamic.
    """
    cel = _library()
    variables = dict.fromkeys(relation.columns, cel.Type.DYN)
    return cel.NewEnv(variables=variables).compile(expression)


def _type(cel: Any, field: Field) -> Any:
    kind: Shape = shape(field.type)
    if kind.name in ("TIMESTAMP", "TIMESTAMP_LTZ"):
        return cel.Type("google.protobuf.Timestamp") if not field.nullable else cel.Type.DYN
    if kind.name not in _TYPES:
        return cel.Type.DYN
    plain, nullable = _TYPES[kind.name]
    return cel.Type(nullable) if field.nullable else getattr(cel.Type, plain)


def _undeclared(error: str) -> str:
    match = _UNDECLARED.search(error)
    return match[1].split(".")[0] if match else ""


def _told(error: str, relation: Relation) -> list[Finding]:
    found = [
        _finding(int(line), int(column), text, relation)
        for line, column, text in _ERROR.findall(error)
    ]
    return found or [Finding(1, 1, "CS451", f"CEL: {error.splitlines()[0]}")]


def _finding(line: int, column: int, text: str, relation: Relation) -> Finding:
    unknown = _UNDECLARED.search(text)
    if unknown:
        name = unknown[1]
        return Finding(
            line, column, "CS452", f"unknown name '{name}'", near(name, relation.columns)
        )
    overload = _OVERLOAD.search(text)
    if overload:
        operator = _OPERATOR.fullmatch(overload[1])
        name = operator[1] if operator else overload[1]
        message = f"'{name}' does not apply to {overload[2]}"
        return Finding(line, column, "CS453", message, "compare values of the same type")
    return Finding(line, column, "CS451", f"CEL: {_plain(text)}")


def _plain(text: str) -> str:
    """The parser's complaint without the forty tokens that it would rather have seen."""
    text = f"{text[:1].lower()}{text[1:]}"
    unexpected = _UNEXPECTED.search(text)
    if unexpected is None:
        return text
    what = unexpected[1]
    told = "the expression ends too early" if what == "<EOF>" else f"'{what}' is not expected here"
    return f"syntax error: {told}"


# The compiler gives its result as protobuf bytes; the little that is wanted of it is read here.


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a protobuf message, by number."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 0:
            _, place = _varint(message, place)
        elif kind == 1:
            place += 8
        elif kind == 5:
            place += 4
        else:
            size, place = _varint(message, place)
            yield key >> 3, message[place : place + size]
            place += size


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place


def _any_value(message: bytes) -> bytes:
    """The value of a `google.protobuf.Any`."""
    return dict(_fields(message)).get(2, b"")


def _body(checked: bytes) -> bytes:
    """The expression of a `CheckedExpr`, without its source positions."""
    return dict(_fields(checked)).get(4, b"")


def _references(checked: bytes) -> Iterator[str]:
    """The names that a `CheckedExpr` refers to."""
    for number, entry in _fields(checked):
        if number == 2:
            reference = dict(_fields(entry)).get(2, b"")
            name = dict(_fields(reference)).get(1, b"").decode()
            yield name.split(".")[0]
