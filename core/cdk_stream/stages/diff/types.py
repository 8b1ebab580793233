"""Whether a type may take the place of another without losing a value."""

from __future__ import annotations

_INTEGERS = ("TINYINT", "SMALLINT", "INT", "BIGINT")
_SAME = {"INTEGER": "INT", "VARCHAR(2147483647)": "STRING", "VARBINARY(2147483647)": "BYTES"}
# BIGINT is not among those that fit: a DOUBLE keeps 53 bits of it.
_FITS_DOUBLE = ("TINYINT", "SMALLINT", "INT", "FLOAT")


def same_type(base: str, head: str) -> bool:
    """Whether two spellings mean one type."""
    return base == head or _plain(base) == _plain(head)


def widens(base: str, head: str) -> bool:
    """Whether every value of `base` is one of `head`: INT to BIGINT, VARCHAR(5) to STRING.

    A new scale or precision of time does not count: readers misread old values under it.
    """
    base, head = _plain(base), _plain(head)
    if base in _INTEGERS and head in _INTEGERS:
        return _INTEGERS.index(base) < _INTEGERS.index(head)
    if head == "DOUBLE":
        return base in _FITS_DOUBLE
    base_name, base_size = _sized(base)
    head_name, head_size = _sized(head)
    if base_name == "DECIMAL" and head_name == "DECIMAL":
        return base_size[1:] == head_size[1:] and base_size < head_size
    if base_name in ("CHAR", "VARCHAR"):
        return head == "STRING" or (head_name == "VARCHAR" and base_size <= head_size)
    return False


def _plain(spelling: str) -> str:
    text = "".join(spelling.upper().split())
    return _SAME.get(text, text)


def _sized(spelling: str) -> tuple[str, tuple[int, ...]]:
    """`DECIMAL(10,2)` as its name and its numbers; no numbers when it has none."""
    name, _, rest = spelling.partition("(")
    sizes = rest.rstrip(")").split(",") if rest.endswith(")") else []
    if not all(size.isdigit() for size in sizes):
        return spelling, ()
    return name, tuple(map(int, sizes))
