"""Functions that no policy may call, on any engine."""

from __future__ import annotations

_OWN_TIME = "write `time.parse_rfc3339_ns(input.now)`, the same for everyone who judges this commit"
_PURE = "a policy decides by its input alone"
BANNED = {
    "http.send": _PURE,
    "net.lookup_ip_addr": _PURE,
    "opa.runtime": _PURE,
    "rand.intn": _PURE,
    "rego.parse_module": _PURE,
    "time.now_ns": _OWN_TIME,
    "uuid.rfc4122": _PURE,
}
"""Name -> what to do instead."""
