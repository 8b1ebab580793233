"""Names and texts as Flink SQL writes them."""

from __future__ import annotations


def quoted(name: str) -> str:
    """An identifier; always in back-quotes, since `value` and `timestamp` are reserved words."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """A character string."""
    return "'" + text.replace("'", "''") + "'"


def interval(milliseconds: int) -> str:
    """A length of time: plain seconds while two digits hold it, else days to seconds."""
    seconds, rest = divmod(milliseconds, 1000)
    fraction = f".{rest:03}" if rest else ""
    if seconds < 100:
        return f"INTERVAL '{seconds}{fraction}' SECOND"
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    unit = "DAY TO SECOND(3)" if days < 100 else "DAY(6) TO SECOND(3)"
    return f"INTERVAL '{days} {hour:02}:{minute:02}:{second:02}.{rest:03}' {unit}"
