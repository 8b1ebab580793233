"""The file that keeps a job's signature in Git: `state/<model>.json`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import orjson

from cdk_stream_flink.state.signature import Operator, Signature

FORMAT = "cdk-stream/state@1"
_UNSAFE = re.compile(r"[^\w.-]")
_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


class Entry(NamedTuple):
    """A signature, and the outline of the model that it was planned for."""

    outline: str
    signature: Signature


def ledger_path(model: str) -> str:
    """Where a model's signature is kept, from the project's folder on."""
    return f"state/{_UNSAFE.sub('_', model)}.json"


def write_entry(model: str, entry: Entry) -> bytes:
    """The file's content: the same bytes for the same plan, whatever its ids were."""
    document = {
        "format": FORMAT,
        "model": model,
        "flink": entry.signature.flink,
        "outline": entry.outline,
        "operators": [_told(operator) for operator in entry.signature.operators],
    }
    return orjson.dumps(document, option=_OPTIONS)


def _told(operator: Operator) -> dict[str, Any]:
    return {
        "kind": operator.kind,
        "says": operator.says,
        "place": operator.place,
        "keeps": operator.layout,
        "keeps_exactly": operator.is_known,
        "ttl_ms": operator.ttl,
        "reads": operator.reads,
        "does": dict(sorted(operator.does.items())),
    }


def read_entry(content: bytes) -> Entry | None:
    """What a file keeps; None when it is of another format, or was damaged."""
    try:
        document = orjson.loads(content)
        if document["format"] != FORMAT:
            return None
        operators = tuple(_read(item) for item in document["operators"])
        return Entry(str(document["outline"]), Signature(str(document["flink"]), operators))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def _read(item: dict[str, Any]) -> Operator:
    return Operator(
        kind=item["kind"],
        says=item["says"],
        place=item["place"],
        layout=tuple(item["keeps"]),
        is_known=item["keeps_exactly"],
        does=item["does"],
        ttl=tuple(item["ttl_ms"]),
        reads=tuple(tuple(texts) for texts in item["reads"]),
    )
