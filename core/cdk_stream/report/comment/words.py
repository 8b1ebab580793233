"""Small pieces of a comment: names, ways and tables, all of them inert."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_stream.report.inert import code, inert, parts

KINDS = ("model", "source", "test", "exposure")


def name(node: str) -> str:
    """A node's own name; what is no node stays as it is."""
    kind, dot, rest = node.partition(".")
    return rest if dot and kind in KINDS else node


def names(nodes: Iterable[str]) -> str:
    """`a`, `b`."""
    return ", ".join(code(name(node)) for node in nodes)


def way(path: Iterable[str]) -> str:
    """`a` → `b` → `c`."""
    return " → ".join(code(name(node)) for node in path)


def prose(text: str) -> str:
    """A message, inert, with the plain names that it quotes as code."""
    return "".join(f"`{name(part)}`" if quoted else inert(part) for part, quoted in parts(text))


def told(reason: str) -> str:
    """A reason, with the kind left out of the node it begins with."""
    node, colon, rest = reason.partition(": ")
    return f"{code(name(node))}: {prose(rest)}" if colon and " " not in node else prose(reason)


def lines(texts: Iterable[str], most: int) -> str:
    """Texts that are inert already, under each other in a cell."""
    shown = list(texts)
    rest = [f"and {len(shown) - most} more"] if len(shown) > most else []
    return "<br>".join([*shown[:most], *rest])


def table(header: Sequence[str], rows: Sequence[Sequence[str]], most: int, noun: str) -> str:
    """A table of at most `most` rows, and how many it leaves out; nothing without rows."""
    if not rows:
        return ""
    shown = [header, ["---"] * len(header), *rows[:most]]
    text = "\n".join(f"| {' | '.join(cell or ' ' for cell in row)} |" for row in shown)
    left = len(rows) - most
    return f"{text}\n\n... and {left} more {noun}" if left > 0 else text


def folded(summary: str, *parts: str) -> str:
    """Parts behind a line to click on; `summary` is HTML, the parts are Markdown."""
    kept = [part for part in parts if part]
    return "\n\n".join((f"<details>\n<summary>{summary}</summary>", *kept, "</details>"))
