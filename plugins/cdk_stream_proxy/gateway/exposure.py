"""What shows rows and what hides them: the one is never made before, nor kept after, the other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cdk_stream.results.plan import Danger
from cdk_stream_proxy.gateway.canonical import Body, interceptor
from cdk_stream_proxy.interceptor import PLUGINS

_SHOWS = (f"{PLUGINS}VirtualSqlTopicPlugin", f"{PLUGINS}CelTopicPlugin")
_MASKS = f"{PLUGINS}FieldLevelDataMaskingPlugin"
_HIDES = (_MASKS, f"{PLUGINS}EncryptPlugin")


def shows(body: Body) -> bool:
    """Whether it makes a topic that can be read."""
    return body["spec"]["pluginClass"] in _SHOWS


def hides(body: Body) -> bool:
    """Whether it keeps values from somebody."""
    return body["spec"]["pluginClass"] in _HIDES


def guards(bodies: Iterable[Body], view: Body) -> list[Body]:
    """Those of `bodies` that hide something of what a view shows."""
    topic = str(view["spec"]["config"].get("virtualTopic"))
    return [body for body in bodies if hides(body) and _covers(body, topic)]


def shown_by(bodies: Iterable[Body], guard: Body) -> list[Body]:
    """Those of `bodies` that show what `guard` hides something of."""
    return [
        body
        for body in bodies
        if shows(body) and _covers(guard, str(body["spec"]["config"].get("virtualTopic")))
    ]


def weakened(live: Body, wanted: Body) -> tuple[tuple[Danger, str], ...]:
    """What a change of a mask or an encryption lets be seen that was hidden before."""
    if not hides(live) or interceptor(live) == interceptor(wanted):
        return ()
    if live["spec"]["pluginClass"] != wanted["spec"]["pluginClass"]:
        return (("exposure", f"'{wanted['metadata']['name']}' hides in another way"),)
    lost = sorted(_hidden(live) - _hidden(wanted))
    told: list[tuple[Danger, str]] = []
    if lost:
        told.append(("exposure", f"'{', '.join(lost)}' hidden less than before"))
    before, after = live["spec"]["config"].get("topic"), wanted["spec"]["config"].get("topic")
    if before != after:
        told.append(("exposure", f"it covers {after}, and no longer {before}"))
    return tuple(told)


def _hidden(body: Body) -> set[str]:
    """Each field with how it is hidden, so that another way counts as lost."""
    config = body["spec"]["config"]
    masked = {
        f"{field} ({policy['rule'].get('type')} {policy['rule'].get('numberOfChars', '')})"
        for policy in config.get("policies") or ()
        for field in policy.get("fields") or ()
    }
    fields = (config.get("recordValue") or {}).get("fields") or ()
    return masked | {str(one.get("fieldName")) for one in fields}


def _covers(body: Body, topic: str) -> bool:
    """Whether a plugin's expression means a topic; one that nobody understands means all."""
    try:
        return re.search(str(body["spec"]["config"].get("topic", ".*")), topic) is not None
    except re.error:
        return True
