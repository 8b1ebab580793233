"""View -> the interceptor configuration that a version of the Gateway understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cdk_stream_proxy import cel_topic, sql_topic
from cdk_stream_proxy.predicate import Unexpressible
from cdk_stream_proxy.view import View

Config = dict[str, Any]


class Renderer(NamedTuple):
    """One way to say a view: for Gateways from `since` on, up to but without `until`."""

    name: str
    plugin: str
    config: Callable[[View, str], Config]
    since: tuple[int, ...]
    until: tuple[int, ...] = (1_000_000,)


def _sql(view: View, topic: str) -> Config:
    return {"virtualTopic": topic, "statement": sql_topic.statement(view)}


def _cel(view: View, topic: str) -> Config:
    return {
        "virtualTopic": topic,
        "topic": view.topic,
        "expression": cel_topic.expression(view),
    }


# The first that can say the view is taken. Both plugins are deprecated in favour of topic views,
# whose configuration is not public: once it is, they get their `until` and it gets a row.
RENDERERS = (
    Renderer("sql_topic", "VirtualSqlTopicPlugin", _sql, since=(3, 0)),
    Renderer("cel_topic", "CelTopicPlugin", _cel, since=(3, 0)),
)


class Rendered(NamedTuple):
    plugin: str
    config: Config


def render(
    view: View, topic: str, version: str, renderers: Sequence[Renderer] = RENDERERS
) -> Rendered:
    """The plugin and configuration that show `view` as `topic`; raises `Unexpressible`."""
    numbers = version_numbers(version)
    refused: Unexpressible | None = None
    for renderer in renderers:
        if renderer.since <= numbers < renderer.until:
            try:
                return Rendered(renderer.plugin, renderer.config(view, topic))
            except Unexpressible as reason:
                refused = refused or reason
    if refused is not None and view.columns is not None and _cel_could(view):
        refused.mend = (
            "select every column (`*`), then a CEL view filters so; or leave 'materialized' out or "
            "write flink_stream, then a Flink job runs it"
        )
    raise refused or Unexpressible(f"no way is known to make a view on Gateway {version}")


def _cel_could(view: View) -> bool:
    try:
        cel_topic.expression(replace(view, columns=None))
    except Unexpressible:
        return False
    return True


def version_numbers(version: str) -> tuple[int, ...]:
    """`3.15` or `3.15.0-rc1` as numbers; () when it is no version."""
    numbers: list[int] = []
    for part in version.partition("-")[0].split("."):
        if not part.isdecimal():
            break
        numbers.append(int(part))
    return tuple(numbers)
