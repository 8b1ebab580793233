"""Ways to damage a project's files, from a flipped byte to a subtree in the wrong place."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

Files = dict[str, bytes]


def _words(kind: str) -> tuple[str, ...]:
    """What `<kind>_words.txt` lists, one a line, with Python's escapes."""
    text = Path(__file__).with_name(f"{kind}_words.txt").read_text(encoding="ascii")
    return tuple(line.encode().decode("unicode_escape") for line in text.splitlines())


BYTES = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r",
    b"\x1b[31m",
    b"\xe2\x80\xa8",
    b"\t",
)
YAML_WORDS = _words("yaml")
SQL_WORDS = _words("sql")
SCALARS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    float("inf"),
    float("nan"),
    "",
    " ",
    "x",
    "x" * 5000,
    "a.b",
    "../../etc/passwd",
    "ref('x')",
    '{{ ref("card_payments_clean") }}',
    "card_payments_clean",
    "5 seconds",
    "public",
    "highly_sensitive",
    "virtual_topic",
    "sink",
    "\U0001f4a5",
    "a\nb",
    "kms://x",
    [],
    {},
    [[]],
    {"name": "x"},
    [None],
    {"": 1},
    "sr://missing",
    "1 fortnight",
    "STRING",
    "ROW<",
    "DECIMAL(99, 99)",
)
DEPTHS = (40, 300, 2000)


def damage(files: Files, random_: random.Random) -> Files:
    """A copy of `files` with one to four mutations."""
    mutated = dict(files)
    for _ in range(random_.choice((1, 1, 1, 2, 4))):
        random_.choice(MUTATIONS)(mutated, random_)
    return mutated


def _pick(files: Files, random_: random.Random, suffix: str = "") -> str:
    paths = sorted(path for path in files if path.endswith(suffix))
    return random_.choice(paths or sorted(files))


def _flip_bytes(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_)
    content = bytearray(files[path] or b" ")
    for _ in range(random_.choice((1, 3, 10))):
        content[random_.randrange(len(content))] = random_.randrange(256)
    files[path] = bytes(content)


def _cut(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_)
    content = files[path]
    start, end = sorted(random_.randint(0, len(content)) for _ in range(2))
    piece = content[start:end]
    files[path] = content[:start] + random_.choice((b"", piece * 2, piece[::-1])) + content[end:]


def _insert(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_)
    content = files[path]
    at = random_.randint(0, len(content))
    word = random_.choice((*BYTES, *(word.encode() for word in YAML_WORDS)))
    files[path] = content[:at] + word + content[at:]


def _lines(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_)
    lines = files[path].splitlines(keepends=True) or [b"\n"]
    first, second = (random_.randrange(len(lines)) for _ in range(2))
    change = random_.randrange(4)
    if change == 0:
        lines[first], lines[second] = lines[second], lines[first]
    elif change == 1:
        lines.insert(first, lines[second])
    elif change == 2:
        del lines[first]
    else:
        lines[first] = b" " * random_.randint(1, 9) + lines[first]
    files[path] = b"".join(lines)


def _files(files: Files, random_: random.Random) -> None:
    path, other = _pick(files, random_), _pick(files, random_)
    change = random_.randrange(5)
    if change == 0 and len(files) > 1:
        del files[path]
    elif change == 1:
        files[f"models/copy_{random_.randrange(99)}.yml"] = files[path]
    elif change == 2:
        files[path], files[other] = files[other], files[path]
    elif change == 3:
        files[path] = b""
    else:
        files[f"models/{random_.choice(('card_payments_clean', 'x'))}.sql"] = b"SELECT * FROM x"


def _deepen(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_)
    depth = random_.choice(DEPTHS)
    kind = random_.randrange(4)
    if kind == 0:
        files[path] = b"models: " + b"[" * depth + b"]" * depth
    elif kind == 1:
        files[path] = b"models: " + b"{a: " * depth + b"1" + b"}" * depth
    elif kind == 2:
        files[path] += b"\n" + b"\n".join(b" " * i + b"a:" for i in range(depth))
    else:
        names = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9) if i else 'x'}]" for i in range(30)]
        files[path] = "\n".join(names).encode()


def _tree(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_, random_.choice((".yml", ".yml", ".yml", ".json", ".avsc")))
    document = _document(path, files[path])
    if document is None:
        return
    places = list(_places(document))
    if not places:
        return
    owner, key = random_.choice(places)
    change = random_.randrange(6)
    if change == 0:
        del owner[key]
    elif change == 1:
        owner[key] = copy.deepcopy(random_.choice(SCALARS))
    elif change == 2:
        other, place = random_.choice(places)
        owner[key] = copy.deepcopy(other[place])
    elif change == 3 and isinstance(owner, dict):
        owner[_typo(str(key), random_)] = owner.pop(key)
    elif change == 4 and isinstance(owner, list):
        owner.append(copy.deepcopy(owner[key]))
    else:
        owner[key] = [owner[key]] * random_.choice((1, 2, 50))
    files[path] = _written(path, document)


def _sql(files: Files, random_: random.Random) -> None:
    path = _pick(files, random_, ".yml")
    document = _document(path, files[path])
    statements = [
        (owner, key)
        for owner, key in _places(document)
        if isinstance(owner, dict) and key in ("sql", "cel") and isinstance(owner[key], str)
    ]
    if not statements:
        return
    owner, key = random_.choice(statements)
    owner[key] = _damage_sql(owner[key], random_)
    files[path] = _written(path, document)


def _damage_sql(sql: str, random_: random.Random) -> str:
    words = re.findall(r"\w+|\s+|[^\w\s]", sql) or [" "]
    for _ in range(random_.choice((1, 1, 2, 5))):
        at = random_.randrange(len(words))
        change = random_.randrange(5)
        if change == 0:
            words[at] = ""
        elif change == 1:
            words[at] = f" {random_.choice(SQL_WORDS)} "
        elif change == 2:
            words[at] += f" {random_.choice(SQL_WORDS)} "
        elif change == 3:
            words[at] = random_.choice(words)
        else:
            words[at] = _deep_sql(words[at], random_)
    return "".join(words)


def _deep_sql(word: str, random_: random.Random) -> str:
    depth = random_.choice(DEPTHS)
    return random_.choice(
        (
            "(" * depth + word + ")" * depth,
            "(" * depth + word,
            " AND ".join(["a = 1"] * depth),
            " UNION ALL ".join(["SELECT 1"] * depth),
            "CASE WHEN a THEN " * depth + "1" + " END" * depth,
            f"x IN ({', '.join(['1'] * depth)})",
            "SELECT * FROM (" * depth,
            "NOT " * depth + word,
            "f(" * depth + word + ")" * depth,
        )
    )


def _typo(name: str, random_: random.Random) -> str:
    at = random_.randint(0, len(name))
    return name[:at] + random_.choice("aeiou_ .-") + name[at + 1 :]


def _document(path: str, content: bytes) -> Any:
    try:
        text = content.decode()
        return json.loads(text) if path.endswith((".json", ".avsc")) else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError, RecursionError):
        return None


def _written(path: str, document: Any) -> bytes:
    if path.endswith((".json", ".avsc")):
        return json.dumps(document, indent=1).encode()
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a parsed document; once, though aliases share it."""
    pending = [document]
    seen = set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, dict):
            for key in list(one):
                yield one, key
                pending.append(one[key])
        elif isinstance(one, list):
            for index, item in enumerate(one):
                yield one, index
                pending.append(item)


MUTATIONS: tuple[Callable[[Files, random.Random], None], ...] = (
    _flip_bytes, _cut, _insert, _insert, _lines, _lines, _files, _deepen,
    _tree, _tree, _tree, _tree, _sql, _sql, _sql, _sql,
)  # fmt: skip
