"""The interceptors of a chain on the JSON values of record batches."""

from __future__ import annotations

import json

from tests.gateway.reference.chain import Chain, Refused
from tests.gateway.reference.document import Document
from tests.gateway.reference.wire.batch import Record, rewrite, valued


def read(chain: Chain, topic: str, data: bytes | None) -> bytes | None:
    """The batches as the reader of `topic` sees them; raises `Refused` and `BadBytes`."""
    if not data or not chain.reads(topic):
        return data

    def show(record: Record) -> Record | None:
        if record.value is None:
            return record
        shown = chain.fetch(topic, _document(record.value))
        return None if shown is None else valued(record, _bytes(shown))

    return rewrite(data, show)


def written(chain: Chain, topic: str, data: bytes | None) -> bytes | None:
    """The batches as they are stored; raises `Refused` and `BadBytes`."""
    if not data or not chain.writes(topic):
        return data

    def store(record: Record) -> Record:
        if record.value is None:
            return valued(record, None)
        return valued(record, _bytes(chain.produce(topic, _document(record.value))))

    return rewrite(data, store)


def _document(value: bytes) -> Document:
    """What cannot be read cannot be protected: it fails."""
    try:
        found = json.loads(value)
    except ValueError as error:
        raise Refused("the value is no JSON") from error
    if not isinstance(found, dict):
        raise Refused("the value is no JSON object")
    return found


def _bytes(document: Document) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
