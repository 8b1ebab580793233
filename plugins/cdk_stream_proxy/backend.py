"""The proxy backend: stateless models as views, and the protection of every column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cdk_stream.plugin.backend import NOTHING, Backend, Compiled, Offer, Refusal, Remark
from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.problems import Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_proxy.conflicts import conflicts, without_gateway
from cdk_stream_proxy.encryption import decryption_for_job, encryption
from cdk_stream_proxy.interceptor import VIEW, Place, interceptor, priority, schema_registry
from cdk_stream_proxy.masks import lifts, masks
from cdk_stream_proxy.predicate import And, Compare, In, Or, Predicate, Unexpressible
from cdk_stream_proxy.remarks import remarks_on
from cdk_stream_proxy.render import Rendered, render
from cdk_stream_proxy.stateless import view_of
from cdk_stream_proxy.storage import lineage
from cdk_stream_proxy.view import View

_COST = 10
_TO_FLINK = "leave 'materialized' out or write flink_stream, then a Flink job runs it"


class ProxyBackend:
    """Conduktor Gateway in front of a cluster."""

    name = "proxy"
    materializations: tuple[str, ...] = ("virtual_topic",)

    def __init__(self) -> None:
        # A model is compiled right after it was offered for: its view is not made twice.
        self._offered: tuple[Stream, Project, View, Rendered] | None = None

    def offer(self, stream: Stream, project: Project) -> Offer | Refusal:
        """An offer for what one record at a time can answer."""
        place = _place(stream, project)
        if place is None:
            return Refusal(
                f"cluster '{stream.cluster}' has no gateway",
                f"add gateway: to the cluster '{stream.cluster}'",
            )
        try:
            if stream.resource.sink is not None:
                raise Unexpressible("a sink is no view")
            self._offered = (stream, project, *_render(place))
        except Unexpressible as reason:
            return Refusal(reason.reason, reason.mend or _TO_FLINK)
        return Offer(_COST, "the Gateway does it as records pass, nothing is copied")

    def compile(self, stream: Stream, project: Project) -> Compiled:
        """The view, and masks and encryption of the stream's topic."""
        artifacts: list[Artifact] = []
        remarks: list[Remark] = []
        if stream.resource.security.policies:
            remarks += remarks_on(stream, project)
        place = _place(stream, project)
        if stream.backend == self.name:
            self._add_view(stream, place, artifacts, remarks)
        if _owns_topic(stream) and any(column.protections for column in stream.columns.values()):
            if place is None:
                remarks.append(without_gateway(stream))
            else:
                remarks += conflicts(stream, place.cluster, project)
                artifacts += masks(place) + encryption(place)
        if stream.backend == "flink" and place is not None:
            artifacts += _for_job(place)
        return Compiled(tuple(artifacts), tuple(remarks)) if artifacts or remarks else NOTHING

    def grant(self, exposure: Any, inputs: Mapping[str, Stream], project: Project) -> Compiled:
        """Nothing: interceptors follow roles, and rights are the Kafka backend's."""
        return NOTHING

    def _add_view(
        self,
        stream: Stream,
        place: Place | None,
        artifacts: list[Artifact],
        remarks: list[Remark],
    ) -> None:
        pointer = "/cel" if stream.resource.cel is not None else "/sql"
        try:
            if place is None:
                raise Unexpressible(f"cluster '{stream.cluster}' has no gateway")
            view, rendered = self._view(place)
        except Unexpressible as reason:
            mend = reason.mend or _TO_FLINK
            remarks.append(Remark("CS610", reason.reason, mend, Severity.ERROR, pointer))
            return
        config = {**rendered.config, **schema_registry(place, view.format)}
        artifacts.append(interceptor(place, "view", rendered.plugin, config, priority(place, VIEW)))
        if "statement" in config and (field := _null_in_doubt(view.predicate)):
            remarks.append(_null_doubt(field, pointer))

    def _view(self, place: Place) -> tuple[View, Rendered]:
        offered = self._offered
        if offered is None or offered[0] is not place.stream or offered[1] is not place.project:
            return _render(place)
        return offered[2], offered[3]


def _place(stream: Stream, project: Project) -> Place | None:
    cluster = project.clusters.get(stream.cluster)
    if cluster is None or cluster.gateway is None:
        return None
    return Place(project, stream, cluster, cluster.gateway)


def _owns_topic(stream: Stream) -> bool:
    """Whether the topic is this node's own: a sink has none, or that of its input."""
    return (
        bool(stream.topic)
        and stream.materialized != "sink"
        and all(
            source.topic != stream.topic or source.cluster != stream.cluster
            for source in stream.inputs.values()
        )
    )


def _render(place: Place) -> tuple[View, Rendered]:
    view = view_of(place.stream)
    if view.format != "json" and place.cluster.schema_registry is None:
        raise Unexpressible(f"reading {view.format} takes a schema registry, the cluster has none")
    return view, render(view, place.stream.topic, place.gateway.version)


def _null_doubt(field: str, pointer: str) -> Remark:
    return Remark(
        "CS611",
        f"'{field}' may be null, and whether the Gateway's <> keeps such rows is not documented, "
        "SQL drops them",
        f"list the values of '{field}' to keep instead of those to drop",
        Severity.NOTE,
        pointer,
    )


def _null_in_doubt(predicate: Predicate) -> str:
    match predicate:
        case And(items) | Or(items):
            return next(filter(None, map(_null_in_doubt, items)), "")
        case Compare(field, "<>", _) | In(field, _, True):
            return str(field) if field.nullable else ""
        case _:
            return ""


def _for_job(place: Place) -> Iterable[Artifact]:
    """Clear text for the job of a model whose inputs hide columns that it works on."""
    artifacts: dict[str, Artifact] = {}
    for source in place.stream.inputs.values():
        if not any(column.protections for column in source.columns.values()):
            continue
        there = _place(source, place.project)
        if there is not None:
            read = _read_from(place.stream, source.id)
            made = [*lifts(place, there, read), *decryption_for_job(place, there, read)]
            made += _lifts_below(place, source, read)
            artifacts |= {artifact.name: artifact for artifact in made}
    return artifacts.values()


def _lifts_below(place: Place, view: Stream, read: set[str]) -> Iterator[Artifact]:
    """Masks of what a view shows may apply to the view too: it is not documented."""
    rules = {rule for name in read & view.columns.keys() for rule in view.columns[name].protections}
    for below in lineage(view):
        there = _place(below, place.project)
        if below is not view and there is not None:
            hidden = {
                name
                for name, column in below.columns.items()
                if not rules.isdisjoint(column.protections)
            }
            yield from lifts(place, there, hidden)


def _read_from(stream: Stream, source: str) -> set[str]:
    direct = {origin for column in stream.columns.values() for origin in column.edges}
    return {column for node, column in direct | stream.influences.keys() if node == source}


@hookimpl
def register_backends() -> list[Backend]:
    """The proxy backend."""
    return [ProxyBackend()]
