"""A JSON request to an engine."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any


class Refused(Exception):
    """The engine answered with an error; `str()` is its text."""


def send(method: str, url: str, document: object = None) -> Any:
    """The reply, parsed; None when it is empty."""
    body = None if document is None else json.dumps(document).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            text = reply.read()
    except urllib.error.HTTPError as error:
        raise Refused(error.read().decode(errors="replace")) from error
    return json.loads(text) if text else None
