"""A node <-> its JSON in the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson
from pydantic import BaseModel

from cdk_stream.resources.authoring import milliseconds
from cdk_stream.results.artifact import RIGHTS, Artifact
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.stream import Protection, Stream, StreamColumn
from cdk_stream.results.uses import Uses

Json = dict[str, Any]


def face(stream: Stream) -> str:
    """Digest of what a reader's SQL depends on: columns, time, key, changelog and origins."""
    columns = [
        (name, column.type, column.nullable, column.origins, column.copies)
        for name, column in stream.columns.items()
    ]
    shape = (columns, stream.event_time, stream.key, stream.changelog, stream.open)
    return _digest((shape, stream.watermark_ms, stream.idle_timeout_ms, stream.format))


def seal(stream: Stream, face_: str) -> str:
    """Digest of all that a reader's classes and artefacts depend on."""
    columns = [
        (column.classification, column.tags, column.protections, column.analysis, column.enum)
        for column in stream.columns.values()
    ]
    place = (stream.topic, stream.physical_topics, stream.cluster, stream.region, stream.format)
    is_source = stream.kind == "source"
    allowed = str(stream.resource.security) if is_source else stream.resource.delivery
    below = _below(stream) if stream.materialized == "virtual_topic" else ""
    way = (stream.delay_ms, stream.hops)
    made = (stream.backend, stream.materialized)
    return _digest((face_, columns, place, *made, allowed, below, way))


def _below(view: Stream) -> list[object]:
    """A view over a view is one view of the topic below both, so its reader depends on that too."""
    found: list[object] = [view.sql, view.resource.cel]
    for source in view.inputs.values():
        rules = [(name, column.protections) for name, column in source.columns.items()]
        allowed = str(source.resource.security) if source.kind == "source" else ""
        found += (source.id, source.backend, [rule for rule in rules if rule[1]], allowed)
        found += _below(source) if source.materialized == "virtual_topic" else ()
    return found


def _digest(value: object) -> str:
    return hashlib.sha1(repr(value).encode(), usedforsecurity=False).hexdigest()[:16]


def written(model: BaseModel | None) -> Json | None:
    """What the author wrote of a part of a resource, defaults left out; None for nothing."""
    if model is None:
        return None
    found = model.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found or None


def stream_fragment(stream: Stream, artifacts: Iterable[Artifact], warnings: int) -> bytes:
    """A source or model for the manifest."""
    resource = stream.resource
    node: Json = {
        "id": stream.id,
        "kind": stream.kind,
        "name": stream.name,
        "path": stream.path,
        "pointer": stream.pointer,
        "description": resource.description,
        "owner": resource.owner,
        "domain": resource.domain,
        "tags": resource.tags,
        "cluster": stream.cluster,
        "region": stream.region,
        "materialized": stream.materialized,
        "topic": stream.topic,
        "physical_topics": stream.physical_topics,
        "format": stream.format,
        "key": stream.key,
        "event_time": stream.event_time,
        "watermark_ms": stream.watermark_ms,
        "idle_timeout_ms": stream.idle_timeout_ms or None,
        "changelog": stream.changelog,
        "delay_ms": stream.delay_ms,
        "hops": stream.hops,
        "open": stream.open,
        "deprecation_date": resource.deprecation_date,
        "sla": written(resource.sla),
        "columns": {name: _column(column) for name, column in stream.columns.items()},
        "influences": [[*origin, kinds] for origin, kinds in stream.influences.items()],
        "features": sorted(stream.features),
        "artifacts": [listed(artifact) for artifact in artifacts],
        "warnings": warnings,
        "meta": resource.meta,
    }
    node.update(_of_source(resource) if stream.kind == "source" else _of_model(stream))
    return encode(node)


def _of_source(source: Any) -> Json:
    return {
        "type": source.type,
        "freshness": written(source.freshness),
        "schema_ref": source.schema_ref,
        "partitions": source.partitions,
        "retention": source.retention,
        "retention_ms": milliseconds(source.retention) if source.retention else None,
        "security": written(source.security),
    }


def _of_model(stream: Stream) -> Json:
    model = stream.resource
    found: Json = {
        "backend": stream.backend,
        "public": model.public,
        "version": model.version,
        "allowed_clusters": model.allowed_clusters,
        "forbidden_sinks": model.forbidden_sinks,
        "on_state_change": model.on_state_change,
        "state_ttl": model.state_ttl,
        "delivery": None if model.delivery == "at_least_once" else model.delivery,
        "contract": written(model.contract),
        "sink": written(model.sink),
        "security": written(model.security),
        "sql": stream.sql,
        "cel": model.cel,
    }
    analysis = stream.analysis
    if analysis is not None:
        found["fingerprint"] = analysis.fingerprint
        found["rows_fingerprint"] = analysis.rows_fingerprint or None
        found["filters"] = analysis.filters
        found["windows"] = analysis.windows
        found["functions"] = sorted(analysis.functions)
    return found


def _column(column: StreamColumn) -> Json:
    found: Json = {
        "type": column.type,
        "nullable": column.nullable,
        "declared": column.declared,
        "tags": column.tags,
        "analysis": column.analysis,
        "edges": [[*origin, kind] for origin, kind in column.edges.items()],
        "origins": column.origins,
    }
    if column.copies != column.origins:
        found["copies"] = column.copies
    if column.classification is not None:
        found["classification"] = column.classification
    if column.protections:
        found["protections"] = [_protection(rule) for rule in column.protections]
    if column.declassified:
        found["declassified"] = column.declassified
    if column.description:
        found["description"] = column.description
    if column.enum:
        found["enum"] = column.enum
    if column.expression:
        found["expression"] = column.expression
    return found


def _protection(rule: Protection) -> Json:
    return {key: value for key, value in rule._asdict().items() if value or key in _ALWAYS}


_ALWAYS = ("roles", "allowed")


def listed(artifact: Artifact) -> Json:
    """An artefact as its node lists it."""
    found: Json = {
        "kind": artifact.kind,
        "name": artifact.name,
        "cluster": artifact.cluster,
        "file": artifact.file,
        "digest": artifact.digest,
    }
    if artifact.kind == "topic" and isinstance(artifact.spec, dict):
        found.update(_topic(artifact.spec.get("spec", {})))
    if artifact.kind in RIGHTS and isinstance(artifact.spec, dict) and "acls" in artifact.spec:
        found["principal"] = artifact.spec["principal"]
        found["rights"] = [
            [one["operation"], one["resource_type"], one["name"], one["pattern_type"]]
            for one in artifact.spec["acls"]
        ]
    return found


def _topic(spec: Json) -> Json:
    """What a topic costs and how long it remembers; -1 stands for ever."""
    said = {
        "partitions": spec.get("partitions"),
        "replication_factor": spec.get("replicationFactor"),
    }
    configs = spec.get("configs", {})
    kept_for = configs.get("retention.ms", "")
    if kept_for.lstrip("-").isdigit():
        said["retention_ms"] = int(kept_for)
    elif configs.get("cleanup.policy") == "compact":
        said["retention_ms"] = -1
    return {key: value for key, value in said.items() if value is not None}


def exposure_fragment(
    declaration: Declaration, uses: Uses, artifacts: Iterable[Artifact], warnings: int
) -> bytes:
    """An exposure for the manifest."""
    exposure = declaration.resource
    config = exposure.consumer_config
    consumes = [node_id for node_id in uses.ids if node_id not in set(uses.produces)]
    consumes = sorted({*consumes, *(uses.ids if not uses.produces else ())})
    access = {"roles": exposure.access.allowed_roles, "purpose": exposure.access.purpose}
    return encode(
        {
            **authored(declaration),
            "type": exposure.type,
            "role": exposure.role or _role(consumes, uses.produces),
            "url": exposure.url,
            "repo": exposure.repo,
            "language": exposure.language,
            "tool": exposure.tool,
            "domain": exposure.domain,
            "produces": uses.produces,
            "consumes": consumes,
            "columns": exposure.columns or (config.columns if config else ()),
            "sla": written(exposure.sla),
            "freshness": written(exposure.freshness),
            "access": {key: value for key, value in access.items() if value or key == "roles"},
            "contracts": written(exposure.contracts),
            "consumer_config": written(config),
            "producer_config": written(exposure.producer_config),
            "training": written(exposure.training),
            "service_accounts": exposure.service_accounts,
            "artifacts": [listed(artifact) for artifact in artifacts],
            "warnings": warnings,
            "meta": exposure.meta,
        }
    )


def _role(consumes: Iterable[str], produces: Iterable[str]) -> str:
    if produces:
        return "producer_consumer" if consumes else "producer"
    return "consumer"


def authored(declaration: Declaration) -> Json:
    """What tests and exposures have in common."""
    resource = declaration.resource
    return {
        "id": declaration.id,
        "kind": declaration.kind,
        "name": declaration.name,
        "path": declaration.path,
        "pointer": declaration.pointer,
        "description": resource.description,
        "owner": resource.owner,
        "tags": resource.tags,
    }


_OPTIONAL = ("description", "region", "event_time", "sql", "meta")


def encode(node: Json) -> bytes:
    """The node's JSON; what is not there is left out, never null."""
    kept = {
        key: value
        for key, value in node.items()
        if value is not None and not (key in _OPTIONAL and not value)
    }
    return bytes(memoryview(orjson.dumps(kept)))  # orjson's own bytes hold twice their size


def decode(node: Json, resource: Any) -> Stream:
    """The stream behind a manifest's source or model, as far as its readers need it."""
    columns = {name: _decoded_column(column) for name, column in node["columns"].items()}
    return Stream(
        id=node["id"],
        name=node["name"],
        kind=node["kind"],
        resource=resource,
        path=node["path"],
        pointer=node["pointer"],
        columns=columns,
        event_time=node.get("event_time", ""),
        watermark_ms=node["watermark_ms"],
        idle_timeout_ms=node.get("idle_timeout_ms", 0),
        key=tuple(node["key"]),
        changelog=node["changelog"],
        open=node["open"],
        cluster=node["cluster"],
        region=node.get("region", ""),
        format=node["format"],
        topic=node["topic"],
        physical_topics=tuple(node["physical_topics"]),
        inputs={},
        influences={(item[0], item[1]): tuple(item[2]) for item in node["influences"]},
        features=frozenset(node["features"]),
        sql=node.get("sql", ""),
        backend=node.get("backend", ""),
        materialized=node["materialized"],
        delay_ms=node.get("delay_ms"),
        hops=node["hops"],
    )


def _decoded_column(column: Json) -> StreamColumn:
    copies = column["copies"] if "copies" in column else column["origins"]
    return StreamColumn(
        type=column["type"],
        nullable=column["nullable"],
        classification=column.get("classification"),
        declared=column["declared"],
        tags=tuple(column["tags"]),
        edges={(edge[0], edge[1]): edge[2] for edge in column["edges"]},
        origins=tuple((item[0], item[1]) for item in column["origins"]),
        copies=tuple((item[0], item[1]) for item in copies),
        protections=tuple(_decoded_rule(rule) for rule in column.get("protections", ())),
        analysis=column["analysis"],
        description=column.get("description", ""),
        declassified=column.get("declassified", ""),
        enum=tuple(column.get("enum", ())),
        expression=column.get("expression", ""),
    )


def _decoded_rule(rule: Json) -> Protection:
    known = {**rule, "roles": tuple(rule["roles"]), "allowed": tuple(rule["allowed"])}
    known["origin"] = (rule["origin"][0], rule["origin"][1])
    return Protection(**known)


def as_input(stream: Stream) -> Stream:
    """The stream as its readers see it, the same whether it was compiled now or before.

    Only a view keeps its inputs: whoever reads it reads the topic below.
    """
    return Stream(
        id=stream.id,
        name=stream.name,
        kind=stream.kind,
        resource=stream.resource,
        path=stream.path,
        pointer=stream.pointer,
        columns=stream.columns,
        event_time=stream.event_time,
        watermark_ms=stream.watermark_ms,
        idle_timeout_ms=stream.idle_timeout_ms,
        key=stream.key,
        changelog=stream.changelog,
        open=stream.open,
        cluster=stream.cluster,
        region=stream.region,
        format=stream.format,
        topic=stream.topic,
        physical_topics=stream.physical_topics,
        inputs=stream.inputs if stream.materialized == "virtual_topic" else {},
        influences=stream.influences,
        features=stream.features,
        sql=stream.sql,
        backend=stream.backend,
        materialized=stream.materialized,
        delay_ms=stream.delay_ms,
        hops=stream.hops,
    )
