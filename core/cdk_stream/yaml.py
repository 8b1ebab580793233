"""YAML 1.2 as a config file needs it: no surprises, no repeated keys, and every line known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import yaml

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.tree import MAX_BYTES

Data = Any
_MAX_NODES = 100_000
_MAX_DEPTH = 60
_ANCHOR = re.compile(rb"(?:^|[\s\[{,:-])[&*][\w-]", re.MULTILINE)
_TEMPLATE = re.compile(r":\s*\{\{")


class _Loader(yaml.CSafeLoader):
    """The C parser with YAML 1.2's idea of booleans, numbers and dates (`NO` is a country)."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$|^[-+]?\.inf$|^\.nan$"),
    list("-+.0123456789"),
)


def _float(text: str) -> float:
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


_SCALARS: dict[str, Callable[[str], Data]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": lambda text: text[0] in "tT",
    "tag:yaml.org,2002:float": _float,
}
_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_MERGE = "<<"


def load(content: bytes, path: str) -> Data:
    """The data of a YAML document; None when it is empty.

    Raises `Refused` (CS101 not YAML, CS102 too large or too deep, CS103 not UTF-8,
    CS105 repeated key).
    """
    node = _compose(content, path)
    if node is None:
        return None
    if _ANCHOR.search(content):
        _refuse_bombs(node, path)
    problems: list[Problem] = []
    data = _construct(node, path, problems, 0)
    if problems:
        raise Refused(problems)
    return data


def locate(content: bytes, path: str, pointer: str, line: int = 0, column: int = 0) -> Location:
    """Where the thing at `pointer` ("/models/0/sql") stands; the nearest known place when unsure.

    `line` and `column` are a position inside the text of a scalar, counted from 1.
    """
    try:
        node = _composed(content, path)
    except Refused:
        return Location(path)
    key: Any = None
    for step in _steps(pointer):
        found = _step(node, step)
        if found is None:
            break
        key, node = found
    if node is None:
        return Location(path)
    if line and isinstance(node, yaml.ScalarNode):
        return _inside(node, content, path, line, column)
    mark = (key or node).start_mark
    return Location(path, mark.line + 1, mark.column + 1)


@lru_cache(maxsize=4)
def _composed(content: bytes, path: str) -> Any:
    """A file with hundreds of findings is read once for all of them."""
    return _compose(content, path)


def _steps(pointer: str) -> Iterator[str]:
    for step in pointer.split("/")[1:]:
        yield step.replace("~1", "/").replace("~0", "~")


def _step(node: Any, step: str) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key, value
    elif isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        return None, node.value[int(step)]
    return None


def _inside(node: yaml.ScalarNode, content: bytes, path: str, line: int, column: int) -> Location:
    start = node.start_mark
    if node.style != "|":
        if line > 1 or node.end_mark.line > start.line:  # folded: its lines are not the file's
            return Location(path, start.line + 1, start.column + 1)
        return Location(path, start.line + 1, start.column + column + (1 if node.style else 0))
    lines = content.decode("utf-8", "replace").splitlines()
    first = start.line + 1
    indent = next((len(text) - len(text.lstrip(" ")) for text in lines[first:] if text.strip()), 0)
    return Location(path, first + line, column + indent if column else 0)


def _compose(content: bytes, path: str) -> Any:
    if len(content) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1024 // 1024} MB"
        raise Refused([Problem(Location(path), "CS102", f"the file is larger than {limit}")])
    loader = None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _not_utf8(path, 1)
    try:
        loader = _Loader(content)
        return loader.get_single_node()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _not_utf8(path, line) from None
    except yaml.reader.ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        raise _not_utf8(path, content.count(b"\n", 0, position) + 1) from None
    except yaml.YAMLError as error:
        raise Refused([_not_yaml(error, content, path)]) from None
    except RecursionError:
        raise _too_deep(path, 0) from None
    finally:
        if loader is not None:
            loader.dispose()


def _not_utf8(path: str, line: int) -> Refused:
    mend = "save the file as UTF-8, without control characters"
    return Refused([Problem(Location(path, line), "CS103", "the file is not UTF-8 text", mend)])


def _not_yaml(error: yaml.YAMLError, content: bytes, path: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    location = Location(path, mark.line + 1, mark.column + 1) if mark else Location(path)
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(location, "CS101", f"this is not YAML: {reason}", _mend(content, location.line))


def _mend(content: bytes, line: int) -> str:
    lines = content.decode("utf-8", "replace").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    if _TEMPLATE.search(text):
        return "put the template in quotes: '{{ ref(\"name\") }}'"
    if "\t" in text:
        return "indent with spaces, not tabs"
    return ""


def _too_deep(path: str, line: int) -> Refused:
    message = f"the file nests deeper than {_MAX_DEPTH} levels"
    return Refused([Problem(Location(path, line), "CS102", message)])


def _refuse_bombs(node: Any, path: str) -> None:
    """Aliases are shared nodes here, but whoever walks the data would walk every copy."""
    sizes: dict[int, int] = {}

    def size(item: Any, depth: int) -> int:
        known = sizes.get(id(item))
        if known is not None:
            return known
        if depth > _MAX_DEPTH:
            raise _too_deep(path, item.start_mark.line + 1)
        sizes[id(item)] = _MAX_NODES + 1  # an alias to its own parent never ends
        total = 1
        if isinstance(item, yaml.MappingNode):
            total += sum(size(k, depth + 1) + size(v, depth + 1) for k, v in item.value)
        elif isinstance(item, yaml.SequenceNode):
            total += sum(size(child, depth + 1) for child in item.value)
        sizes[id(item)] = total
        return total

    if size(node, 0) > _MAX_NODES:
        message = "its aliases expand to too much data"
        raise Refused([Problem(Location(path), "CS102", message, "write the values out")])


def _construct(node: Any, path: str, problems: list[Problem], depth: int) -> Data:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, problems)
    if depth > _MAX_DEPTH:
        raise _too_deep(path, node.start_mark.line + 1)
    if node.tag not in _COLLECTIONS:
        problems.append(_meaningless_tag(node, path))
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, path, problems, depth + 1) for item in node.value]
    data: dict[Any, Data] = {}
    merged: list[Data] = []
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key, str):
            problems.append(_bad_key(key_node, path))
            continue
        value = _construct(value_node, path, problems, depth + 1)
        if key == _MERGE and not key_node.style:
            merged.append(value)
        elif key in data:
            problems.append(_repeated(key_node, path))
        else:
            data[key] = value
    for value in merged:
        _merge(data, value)
    return data


def _merge(data: dict[Any, Data], value: Data) -> None:
    for source in value if isinstance(value, list) else [value]:
        if isinstance(source, dict):
            for key, item in source.items():
                data.setdefault(key, item)


def _scalar(node: yaml.ScalarNode, path: str, problems: list[Problem]) -> Data:
    make = _SCALARS.get(node.tag)
    if make is None:
        problems.append(_meaningless_tag(node, path))
        return None
    try:
        return make(node.value)
    except ValueError:
        message = f"'{node.value[:40]}' cannot be read as {node.tag.rsplit(':', 1)[-1]}"
        problems.append(Problem(_at(node, path), "CS101", message))
        return None


def _at(node: Any, path: str) -> Location:
    return Location(path, node.start_mark.line + 1, node.start_mark.column + 1)


def _meaningless_tag(node: Any, path: str) -> Problem:
    message = f"the tag '{node.tag}' means nothing here"
    return Problem(_at(node, path), "CS101", message, "leave the tag out")


def _bad_key(node: Any, path: str) -> Problem:
    mend = "a template in YAML needs quotes: '{{ ref(\"name\") }}'"
    return Problem(_at(node, path), "CS101", "a mapping is used as a key", mend)


def _repeated(node: Any, path: str) -> Problem:
    message = f"the key '{node.value}' is written twice"
    return Problem(_at(node, path), "CS105", message, "keep one of the two")
