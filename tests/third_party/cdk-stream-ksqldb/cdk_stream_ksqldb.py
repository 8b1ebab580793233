"""Models as ksqlDB queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cdk_stream.plugin.backend import NOTHING, Backend, Compiled, Offer, Refusal, Remark
from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream

CAN = frozenset({"filter", "projection", "computed", "group_by", "window"})
TYPES = {"STRING": "VARCHAR", "TIMESTAMP(3)": "TIMESTAMP", "TIMESTAMP_LTZ(3)": "TIMESTAMP"}


class KsqlDbBackend:
    """Runs aggregates and filters over JSON where a cluster is tagged `ksqldb`."""

    name = "ksqldb"
    materializations: tuple[str, ...] = ("ksqldb_query",)

    def offer(self, stream: Stream, project: Project) -> Offer | Refusal:
        if "ksqldb" not in project.clusters[stream.cluster].tags:
            mend = f"add `tags: [ksqldb]` to `clusters.{stream.cluster}`"
            return Refusal(f"the cluster '{stream.cluster}' has no ksqlDB", mend)
        if not stream.sql:
            return Refusal("the model has no SQL")
        missing = sorted(stream.features - CAN)
        if missing:
            return Refusal(f"ksqlDB has no {missing[0]} in this form")
        if any(source.format != "json" for source in stream.inputs.values()):
            return Refusal("only JSON is read here")
        return Offer(50, "a query of an existing server is cheaper than a job of its own")

    def compile(self, stream: Stream, project: Project) -> Compiled:
        if stream.backend != self.name:
            return NOTHING
        kind = "STREAM" if stream.changelog == "append" else "TABLE"
        inputs = [self._input(source) for source in stream.inputs.values()]
        query = f"CREATE {kind} `{stream.name}` WITH ({self._topic(stream)}) AS\n{stream.sql};\n"
        artifact = Artifact(
            "ksqldb_query", stream.name, stream.cluster, stream.id, "".join([*inputs, query])
        )
        keyless = Remark("KSQL001", "the query has no key", "add `key:`", pointer="/key")
        return Compiled((artifact,), () if stream.key else (keyless,))

    def grant(self, exposure: Any, inputs: Mapping[str, Stream], project: Project) -> Compiled:
        return NOTHING

    def _input(self, source: Stream) -> str:
        columns = ", ".join(
            f"`{name}` {TYPES.get(column.type, column.type)}"
            for name, column in source.columns.items()
        )
        return f"CREATE STREAM `{source.name}` ({columns}) WITH ({self._topic(source)});\n"

    def _topic(self, stream: Stream) -> str:
        return f"KAFKA_TOPIC='{stream.topic}', VALUE_FORMAT='JSON'"


@hookimpl
def register_backends() -> Iterable[Backend]:
    return [KsqlDbBackend()]
