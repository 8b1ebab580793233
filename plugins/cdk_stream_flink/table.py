"""CREATE TABLE for the topics that a job reads and writes."""

from __future__ import annotations

from functools import lru_cache

from cdk_stream.results.stream import Stream
from cdk_stream.sql.spelling import declared
from cdk_stream_flink.endpoint import Endpoint
from cdk_stream_flink.job import Reading
from cdk_stream_flink.quote import interval, literal, quoted
from cdk_stream_flink.wire import Wire, key_wire, stored_type


def input_table(reading: Reading, group: str) -> str:
    """The table that the query reads by; a view over it where types must be converted."""
    stream, wire, columns, seen, _ = reading
    table = f"{stream.name} stored" if seen else stream.name
    updates = stream.changelog != "append"
    lines = _declared(stream, columns, wire, stream.key if updates else ())
    lines += [f"{_seen(name)} AS CAST({quoted(name)} AS {type_})" for name, type_ in seen.items()]
    has_time = stream.event_time in columns and _is_time(stream)
    if has_time:
        time = _seen(stream.event_time) if stream.event_time in seen else quoted(stream.event_time)
        lines.append(f"WATERMARK FOR {time} AS {time} - {interval(stream.watermark_ms)}")
    if updates and stream.key:
        lines.append(_primary_key(stream))
    options = _source_options(reading, group)
    if has_time and stream.idle_timeout_ms:
        options.append(f"'scan.watermark.idle-timeout' = '{stream.idle_timeout_ms} ms'")
    text = _create(table, lines, options)
    return text + _view(stream.name, table, columns, seen) if seen else text


def output_table(stream: Stream, wire: Wire, way: Endpoint | None, account: str) -> str:
    """The table that the query's rows are inserted into; `account` names its transactions."""
    updates = stream.changelog != "append"
    lines = _declared(stream, list(stream.columns), wire, stream.key if updates else ())
    if updates:
        lines.append(_primary_key(stream))
    options = _connection("upsert-kafka" if updates else "kafka", stream, way)
    if stream.key:
        options += _encoding("key", key_wire(stream, wire))
        if not updates:
            options.append(f"'key.fields' = {literal(';'.join(stream.key))}")
    options += _encoding("value", wire)
    if stream.key:
        options.append("'value.fields-include' = 'ALL'")
    if stream.resource.delivery == "exactly_once":
        options += _in_transactions(account)
    return _create(stream.name, lines, options)


def _in_transactions(account: str) -> list[str]:
    """Exactly once: in transactions that end within the brokers' own limit of 15 minutes."""
    return [
        "'sink.delivery-guarantee' = 'exactly-once'",
        f"'sink.transactional-id-prefix' = {literal(account)}",
        "'properties.transaction.timeout.ms' = '900000'",
    ]


def _source_options(reading: Reading, group: str) -> list[str]:
    stream, wire = reading.stream, reading.wire
    by_key = stream.changelog != "append" and not wire.is_changelog
    options = _connection("upsert-kafka" if by_key else "kafka", stream, reading.way)
    options.append(f"'properties.group.id' = {literal(group)}")
    if by_key:
        options += _encoding("key", key_wire(stream, wire))
    else:
        options.append("'scan.startup.mode' = 'earliest-offset'")
    options += _encoding("value", wire)
    if stream.kind == "model" and stream.resource.delivery == "exactly_once":
        options.append("'properties.isolation.level' = 'read_committed'")
    return options


def _declared(stream: Stream, names: list[str], wire: Wire, key: tuple[str, ...]) -> list[str]:
    lines = []
    for name in names:
        column = stream.columns[name]
        type_ = stored_type(column.type, wire) if wire.is_coarse else column.type
        if "<" in type_:
            type_ = declared(type_)
        if column.nullable and name not in key:
            lines.append(f"{quoted(name)} {type_}")
        else:
            lines.append(f"{quoted(name)} {type_} NOT NULL")
    return lines


def _seen(name: str) -> str:
    """What the converted column is called beside the stored one; no author's name has a space."""
    return quoted(f"{name} seen")


def _is_time(stream: Stream) -> bool:
    return stream.columns[stream.event_time].type.startswith("TIMESTAMP")


def _primary_key(stream: Stream) -> str:
    return f"PRIMARY KEY ({', '.join(map(quoted, stream.key))}) NOT ENFORCED"


def _connection(connector: str, stream: Stream, way: Endpoint | None) -> list[str]:
    options = [f"'connector' = '{connector}'", f"'topic' = {literal(stream.topic)}"]
    if way is not None:
        options.append(f"'properties.bootstrap.servers' = {literal(way.bootstrap_servers)}")
        for key, value in sorted(way.properties.items()):
            options.append(f"{literal(f'properties.{key}')} = {literal(value)}")
    return options


@lru_cache(maxsize=256)
def _encoding(part: str, wire: Wire) -> tuple[str, ...]:
    return (
        f"'{part}.format' = {literal(wire.format)}",
        *(f"'{part}.{wire.format}.{key}' = {literal(value)}" for key, value in wire.options),
    )


def _create(name: str, lines: list[str], options: list[str]) -> str:
    columns, settings = ",\n  ".join(lines), ",\n  ".join(options)
    return f"CREATE TEMPORARY TABLE {quoted(name)} (\n  {columns}\n) WITH (\n  {settings}\n);\n"


def _view(name: str, table: str, columns: list[str], seen: dict[str, str]) -> str:
    items = ",\n  ".join(
        f"{_seen(column)} AS {quoted(column)}" if column in seen else quoted(column)
        for column in columns
    )
    return f"\nCREATE TEMPORARY VIEW {quoted(name)} AS SELECT\n  {items}\nFROM {quoted(table)};\n"
