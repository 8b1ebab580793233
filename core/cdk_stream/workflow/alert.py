"""An event -> a message to a webhook or to Slack, sent a few times at most."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit

from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.system import Secrets, SystemFailed
from cdk_stream.workflow.violated import Event

SLACK = "${env:SLACK_WEBHOOK}"
"""The secret that holds the address of Slack's incoming webhook."""
_NEAR = ("127.0.0.1", "localhost", "::1")
_TIMEOUT = 5.0
_MEND = "check its address"


def send(target: str, event: Event, about: dict[str, str], secrets: Secrets) -> None:
    """Send it to `slack://#channel` or to the address of a webhook; raises `SystemFailed`.

    `about` says where: project, environment, severity.
    """
    channel = target.removeprefix("slack://") if target.startswith("slack://") else ""
    address = secrets(SLACK if channel else target)
    is_slack = channel or _parts(address).hostname == "hooks.slack.com"
    body = _for_slack(channel, event, about) if is_slack else document(event, about)
    _post(address, body)


def document(event: Event, about: dict[str, str]) -> dict[str, Any]:
    """What a webhook gets; keys and values as the violations topic has them."""
    return {
        "format": "cdk-stream/alert@1",
        **about,
        "test": event.test,
        "model": event.model,
        "violations": event.count,
        "assertions": list(event.assertions),
        "first": {"key": event.first.key, "values": event.first.values, "at": event.first.at},
    }


def _for_slack(channel: str, event: Event, about: dict[str, str]) -> dict[str, Any]:
    text = (
        f"[{about['severity']}] {about['project']} in {about['environment']}: "
        f"test {event.test} found {event.count} violations in {event.model}: "
        f"{', '.join(event.assertions)}"
    )
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": text} | ({"channel": channel} if channel else {})


def shown(target: str) -> str:
    """What to call it: the address of a webhook lets anybody write there who knows it."""
    if target.startswith(("slack://", "${")):
        return target
    return _parts(target).hostname or "the webhook"


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # brackets that are not closed
        return urlsplit("")


def _post(address: str, body: dict[str, Any]) -> None:
    parts = _parts(address)
    if parts.scheme != "https" and parts.hostname not in _NEAR:
        raise SystemFailed("an alert goes to an https address alone", "write `https://...`")
    rest = Rest("the webhook", f"{parts.scheme}://{parts.netloc}", timeout=_TIMEOUT)
    try:
        reply = rest.write("POST", f"{parts.path}?{parts.query}".removesuffix("?"), body)
    except SystemFailed:  # its words show the path, which lets anybody write there
        raise SystemFailed("the webhook does not answer, or not sensibly", _MEND) from None
    finally:
        rest.close()
    if not reply.ok:
        raise SystemFailed(f"the webhook answers {reply.status}", _MEND)
