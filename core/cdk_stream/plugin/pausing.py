"""What a live system may do besides: let a resource rest, and go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from cdk_stream.plugin.system import Live, Wanted


@runtime_checkable
class Pausing(Protocol):
    """A system whose resources move rows: jobs and connectors. Both methods are idempotent, look
    before they write, and raise `SystemFailed`."""

    def suspend(self, live: Live) -> tuple[Live | None, Mapping[str, Any]]:
        """Let it rest and lose nothing: what is there afterwards, and what `proceed` must know."""
        ...

    def proceed(self, wanted: Wanted, live: Live | None) -> Live | None:
        """Go on where it stopped; `wanted.settings` holds what `suspend` said."""
        ...
