"""A model -> its typed stream, from its SQL, its CEL or its only input."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cdk_stream.problems import Severity
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Project
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.relation import Origin, OutputColumn, Relation
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream.results.uses import Uses
from cdk_stream.sql.analysis import STATEFUL, Analysis
from cdk_stream.sql.analyze import analyze
from cdk_stream.sql.cel import analyze_cel
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.template import render
from cdk_stream.stages.infer.inferred import (
    Inferred,
    Told,
    absent,
    cluster_of,
    expect_columns,
    is_time,
    no_time,
)

_PATH = re.compile(r"[^\s()]+")
"""The spelling of a column, a field in it or an item of it; whatever computes has a space or (."""
_HOLDING = ("ROW", "ARRAY", "MAP", "MULTISET", "VARIANT")


def infer_model(
    declaration: Declaration,
    uses: Uses,
    inputs: Mapping[str, Stream],
    project: Project,
    specs: Mapping[str, FunctionSpec],
) -> Inferred:
    model = declaration.resource
    told = list(uses.complaints)
    analysis = _analyse(declaration, uses, inputs, project, specs, told)
    columns = {
        column.name: _model_column(declaration.id, column, inputs) for column in analysis.columns
    }
    _describe(model, columns, told)
    open_ = analysis.open or not columns
    expect_columns(model.key, columns, "/key", told, open_)
    event_time, idle = _model_time(model, analysis, columns, inputs, told)
    cluster_name, cluster = cluster_of(model.cluster, project, told)
    stream = Stream(
        id=declaration.id,
        name=model.name,
        kind="model",
        resource=model,
        path=declaration.path,
        pointer=declaration.pointer,
        columns=columns,
        event_time=event_time,
        watermark_ms=_model_watermark(model, inputs),
        idle_timeout_ms=idle,
        key=model.key or analysis.key or _inherited_key(inputs, columns),
        changelog=analysis.changelog,
        open=open_,
        cluster=cluster_name,
        region=model.region or cluster.region or "",
        format=model.format or _model_format(inputs),
        topic=_topic_name(model, project),
        physical_topics=(),
        inputs=dict(inputs),
        influences={
            origin: tuple(sorted(kinds)) for origin, kinds in sorted(analysis.influences.items())
        },
        features=frozenset(analysis.features),
        sql=_shipped(declaration, uses, analysis, project),
        analysis=analysis,
        depends_on=uses.ids,
    )
    if not analysis.features.isdisjoint(STATEFUL):
        analysis.tree = None  # a big project holds all of its analyses for a while
    return Inferred(stream, told, analysis.findings)


def _analyse(
    declaration: Declaration,
    uses: Uses,
    inputs: Mapping[str, Stream],
    project: Project,
    specs: Mapping[str, FunctionSpec],
    told: Told,
) -> Analysis:
    model = declaration.resource
    if declaration.sql:
        relations = {node_id: stream.relation() for node_id, stream in inputs.items()}
        relations.update({node_id: Relation({}, open=True) for node_id in uses.missing.values()})
        tables = {**uses.tables, **uses.missing}
        analysis = analyze(
            declaration.sql,
            tables,
            relations,
            specs,
            variables=project.vars,
            state_ttl=model.state_ttl is not None,
        )
        _tell_missing(analysis, inputs, told)
        return analysis
    if len(inputs) != 1:
        if not told:
            told.append(_bodiless(model, len(inputs)))
        return Analysis([])
    ((node_id, stream),) = inputs.items()
    if model.cel is not None:
        return analyze_cel(model.cel, stream.relation(), node_id)
    return _passed_on(node_id, stream)


def _bodiless(model: Any, inputs: int) -> tuple[Complaint, Severity]:
    name = model.name
    if inputs:
        message = f"'{name}' has {inputs} inputs and no SQL that joins them"
        return Complaint("CS304", "", message, "write 'sql:'"), Severity.ERROR
    message = f"'{name}' says neither what it reads nor how"
    mend = f"write 'from:', 'sql:' or a file models/{name}.sql"
    return Complaint("CS304", "", message, mend), Severity.ERROR


def _tell_missing(analysis: Analysis, inputs: Mapping[str, Stream], told: Told) -> None:
    """The columns that only an input that is not there could give."""
    known = {name for stream in inputs.values() for name in stream.columns}
    absent = {
        column
        for output in analysis.columns
        for node_id, column in output.edges
        if node_id.startswith("missing.")
    }
    if absent - known:
        quoted = ", ".join(f"'{column}'" for column in sorted(absent - known))
        complaint = Complaint("CS404", "/sql", f"no input that is known has {quoted}")
        told.append((complaint, Severity.ERROR))


def _passed_on(node_id: str, stream: Stream) -> Analysis:
    columns = [
        OutputColumn(name, column.type, column.nullable, {(node_id, name): "identity"})
        for name, column in stream.columns.items()
    ]
    return Analysis(
        columns,
        event_time=stream.event_time,
        key=stream.key,
        changelog=stream.changelog,
        open=stream.open,
    )


def _model_column(node_id: str, column: OutputColumn, inputs: Mapping[str, Stream]) -> StreamColumn:
    origins: dict[Origin, None] = {}
    copies: dict[Origin, None] = {}
    identical = bool(column.edges)
    enum: tuple[str, ...] = ()
    for (input_id, name), kind in column.edges.items():
        stream = inputs.get(input_id)
        source = stream.columns.get(name) if stream else None
        if kind != "count":
            origins.update(dict.fromkeys(source.origins if source else ((input_id, name),)))
        if kind == "identity" and source:
            copies.update(dict.fromkeys(source.copies))
            enum = source.enum
        else:
            identical = False
    if not identical:
        copies = _held_by(column, inputs) or {(node_id, column.name): None}
    analysis = "exact" if column.exact else ("widened" if column.edges else "unknown")
    return StreamColumn(
        column.type,
        column.nullable,
        None,
        False,
        edges=column.edges,
        origins=tuple(sorted(origins)),
        copies=tuple(sorted(copies)),
        analysis=analysis,
        enum=enum if len(column.edges) == 1 else (),
        expression="" if identical else _digest(column.spelling),
    )


def _held_by(column: OutputColumn, inputs: Mapping[str, Stream]) -> dict[Origin, None]:
    """For a field of a row or an item of a list: where the whole of it lies."""
    if len(column.edges) != 1 or not _PATH.fullmatch(column.spelling):
        return {}
    ((input_id, name),) = column.edges
    stream = inputs.get(input_id)
    source = stream.columns.get(name) if stream else None
    return dict.fromkeys(source.copies) if source and source.type.startswith(_HOLDING) else {}


def _digest(spelling: str) -> str:
    return hashlib.sha1(spelling.encode(), usedforsecurity=False).hexdigest() if spelling else ""


def _describe(
    model: Any,
    columns: dict[str, StreamColumn],
    told: Told,
) -> None:
    for index, spec in enumerate(model.columns):
        column = columns.get(spec.name)
        if column is None:
            if columns:
                told.append(absent(spec.name, columns, f"/columns/{index}/name", "the output"))
            continue
        column.description = spec.description
        _hold_to(spec, column, f"/columns/{index}", "the SQL", told)
    promised = model.contract.columns if model.contract is not None else ()
    for index, spec in enumerate(promised):
        pointer = f"/contract/columns/{index}"
        if spec.name in columns:
            _hold_to(spec, columns[spec.name], pointer, "the output", told)
        elif columns:
            told.append(absent(spec.name, columns, f"{pointer}/name", "the output"))


def _hold_to(spec: Any, column: StreamColumn, pointer: str, where: str, told: Told) -> None:
    if spec.type and column.type and spec.type != column.type:
        message = f"'{spec.name}' is {column.type} in {where}, not {spec.type}"
        complaint = Complaint("CS406", f"{pointer}/type", message, "CAST it, or say so")
        told.append((complaint, Severity.ERROR))


def _model_time(
    model: Any,
    analysis: Analysis,
    columns: Mapping[str, StreamColumn],
    inputs: Mapping[str, Stream],
    told: Told,
) -> tuple[str, int]:
    spec = model.event_time
    idle = max((stream.idle_timeout_ms for stream in inputs.values()), default=0)
    if spec is None:
        return analysis.event_time, idle
    if spec.column not in columns and columns:
        told.append(absent(spec.column, columns, "/event_time", "the output"))
    elif columns and columns[spec.column].type and not is_time(columns[spec.column].type):
        told.append(no_time(spec.column, columns[spec.column].type))
    return spec.column, milliseconds(spec.idle_timeout) if spec.idle_timeout else idle


def _model_watermark(model: Any, inputs: Mapping[str, Stream]) -> int:
    spec = model.event_time
    if spec is not None and spec.watermark:
        return milliseconds(spec.watermark)
    return max((stream.watermark_ms for stream in inputs.values()), default=0)


def _inherited_key(
    inputs: Mapping[str, Stream], columns: Mapping[str, StreamColumn]
) -> tuple[str, ...]:
    """A single input's key, when all of its columns are passed on under their names."""
    if len(inputs) != 1:
        return ()
    ((node_id, stream),) = inputs.items()
    kept = all(
        name in columns and columns[name].edges.get((node_id, name)) == "identity"
        for name in stream.key
    )
    return stream.key if kept else ()


def _model_format(inputs: Mapping[str, Stream]) -> str:
    """Avro stays Avro; what a job writes is never an envelope, and JSON in all other cases."""
    formats = {stream.format.removeprefix("debezium_") for stream in inputs.values()}
    return "avro" if formats == {"avro"} else "json"


def _topic_name(model: Any, project: Project) -> str:
    spec = model.topic
    if spec is not None and spec.name:
        return str(spec.name)
    name: str = model.name
    if project.topics.name == "{model}":
        return name
    return project.topics.name.format(
        project=project.name,
        domain=model.domain or "",
        model=name,
        version=model.version or "",
    )


def _shipped(declaration: Declaration, uses: Uses, analysis: Analysis, project: Project) -> str:
    if not declaration.sql or analysis.tree is None or uses.missing:
        return ""
    return render(declaration.sql, table_names(uses), analysis.splices, project.vars)


def table_names(uses: Uses) -> dict[tuple[str, str], str]:
    """(`ref` or `source`, name) -> what the table is called in the text that is run."""
    return {key: node_id.partition(".")[2] for key, node_id in uses.tables.items()}
