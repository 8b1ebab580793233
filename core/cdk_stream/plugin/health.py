"""What a live system may say besides: how its resources fare."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from cdk_stream.plugin.system import Live
from cdk_stream.results.health import Health


@runtime_checkable
class Reporting(Protocol):
    """A system whose resources can be there and yet not work: jobs and connectors."""

    def health(self, live: Live) -> Health:
        """By what was observed; nothing is asked of the system again."""
        ...


@runtime_checkable
class Proving(Protocol):
    """A system that others see data through: it says who would see what they should not."""

    def prove(self) -> list[str]:
        """What anybody sees otherwise than the policy says, as the system itself resolves it now;
        raises `SystemFailed`."""
        ...
