"""A .proto file's text -> its messages and enums, by their names within the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from cdk_stream_kafka.compatibility.finding import Unreadable, below

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\s+|(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[.\w]+|[-+{}\[\]()<>=;,:/])",
    re.DOTALL,
)
_LABELS = ("optional", "repeated", "required")
_MOST = 536_870_911
_DEEPEST = 50


class Field(NamedTuple):
    """A message's field; `type` is as written, `map<string,int32>` for instance."""

    name: str
    type: str
    label: str
    """`repeated`, `required`, `optional`, or "" for none."""
    oneof: str
    """The oneof that it is in; "" for none."""


@dataclass(slots=True)
class Message:
    """Field number -> field; and what must not be used again."""

    fields: dict[int, Field] = field(default_factory=dict)
    reserved_names: set[str] = field(default_factory=set)
    reserved_numbers: list[tuple[int, int]] = field(default_factory=list)
    """(first, last)."""

    def is_reserved(self, number: int, name: str) -> bool:
        in_range = any(first <= number <= last for first, last in self.reserved_numbers)
        return in_range or name in self.reserved_names


@dataclass(slots=True)
class ProtoFile:
    """Messages and enums by name, nested ones as `Outer.Inner`."""

    messages: dict[str, Message] = field(default_factory=dict)
    enums: dict[str, dict[str, int]] = field(default_factory=dict)


def read_proto(text: str) -> ProtoFile:
    """The file; raises `Unreadable`."""
    parser = _Parser(_tokens(text))
    parser.file()
    if not parser.made.messages:
        raise Unreadable("a .proto file of a topic has a message")
    return parser.made


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Unreadable(f"'{text[position]}' is not Protobuf")
        if match[1] is not None:
            tokens.append(match[1])
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0
        self.made = ProtoFile()

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise Unreadable("the file ends too early")
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._next()
        if found != token:
            raise Unreadable(f"'{found}' stands where '{token}' should")

    def _take(self, token: str) -> bool:
        if self._peek() == token:
            self._at += 1
            return True
        return False

    def file(self) -> None:
        while self._peek():
            self._item("", None)

    def _item(self, path: str, message: Message | None, oneof: str = "") -> None:
        """Anything that may stand in a file, a message or a oneof."""
        word = self._peek()
        if word == ";":
            self._next()
        elif word == "message" and self._is_block(2):
            self._message(path)
        elif word == "enum" and self._is_block(2):
            self._enum(path)
        elif message is None or word in ("option", "extensions") or word == "extend":
            self._skip()
        elif word == "reserved":
            self._reserved(message)
        elif word == "oneof" and self._is_block(2):
            self._next()
            name = self._next()
            self._expect("{")
            while not self._take("}"):
                self._item(path, message, name)
        else:
            self._field(path, message, oneof)

    def _is_block(self, ahead: int) -> bool:
        at = self._at + ahead
        return at < len(self._tokens) and self._tokens[at] == "{"

    def _message(self, path: str) -> None:
        self._next()
        full = below(path, self._next())
        if full.count(".") > _DEEPEST:
            raise Unreadable("the messages nest too deep")
        self._expect("{")
        self._body(full)

    def _body(self, full: str) -> None:
        message = self.made.messages[full] = Message()
        while not self._take("}"):
            self._item(full, message)

    def _enum(self, path: str) -> None:
        self._next()
        values = self.made.enums[below(path, self._next())] = {}
        self._expect("{")
        while not self._take("}"):
            if self._peek() in ("option", "reserved", ";"):
                self._skip()
                continue
            name = self._next()
            self._expect("=")
            values[name] = self._number()
            self._skip()

    def _reserved(self, message: Message) -> None:
        self._next()
        while not self._take(";"):
            token = self._peek()
            if token == ",":
                self._next()
            elif token[0] in "\"'" or not token[0].isdigit():
                message.reserved_names.add(self._next().strip("\"'"))
            else:
                first = last = self._number()
                if self._take("to"):
                    last = _MOST if self._take("max") else self._number()
                message.reserved_numbers.append((first, last))

    def _field(self, path: str, message: Message, oneof: str) -> None:
        label = self._next() if self._peek() in _LABELS else ""
        type_ = self._type()
        name = self._next()
        self._expect("=")
        number = self._number()
        if type_ == "group":
            type_ = name
            while self._peek() != "{":
                self._next()
            self._next()
            self._body(below(path, name))
        else:
            self._skip()
        message.fields[number] = Field(name, type_.lstrip("."), label, oneof)

    def _type(self) -> str:
        name = self._next()
        if name != "map" or not self._take("<"):
            return name
        key = self._next()
        self._expect(",")
        value = self._next()
        self._expect(">")
        return f"map<{key},{value.lstrip('.')}>"

    def _number(self) -> int:
        sign = -1 if self._take("-") else 1
        token = self._next()
        try:
            return sign * int(token, 0)
        except ValueError:
            raise Unreadable(f"'{token}' is no number") from None

    def _skip(self) -> None:
        """To the end of a statement: its semicolon, or its block."""
        depth = 0
        while True:
            token = self._next()
            if token in "{[(":
                depth += 1
            elif token in "}])":
                depth -= 1
                if token == "}" and depth == 0 and self._peek() != ";":
                    return
            elif token == ";" and depth == 0:
                return
