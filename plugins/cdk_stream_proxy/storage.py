"""Where the rows of a stream really lie, and whether they lie there encrypted."""

from __future__ import annotations

from cdk_stream.results.stream import Protection, Stream


def lineage(stream: Stream) -> list[Stream]:
    """The stream and, for a view, what it shows, down to the stream whose topic holds the rows."""
    found = [stream]
    while found[-1].backend == "proxy" and found[-1].kind == "model" and found[-1].inputs:
        found.append(next(iter(found[-1].inputs.values())))
    return found


def stored(stream: Stream) -> Stream:
    """The stream whose topic holds the rows: a view's own input, through further views."""
    return lineage(stream)[-1]


def may_encrypt(stream: Stream) -> bool:
    """Whether columns of the stream's topic may be encrypted.

    A source's topic takes its owner's word, because everyone who writes or reads it is affected.
    The output of a job of ours is ours, and the job writes it through the Gateway.
    """
    if stream.kind == "source":
        return bool(stream.resource.security.allow_encryption)
    return stream.backend == "flink"


def encrypted(stream: Stream) -> dict[str, Protection]:
    """The columns that lie encrypted in the stream's topic, with the rule that says how."""
    if not may_encrypt(stream):
        return {}
    return {
        name: rule
        for name, column in stream.columns.items()
        for rule in column.protections
        if rule.method == "encrypt"
    }
