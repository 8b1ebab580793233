"""Whether one version of a model may take over from another, and whether that may then go."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Input:
    """How far the two versions have come in one topic that both read."""

    topic: str
    old: int | None
    """Rows that the old version has not read yet; None when it does not say."""
    new: int | None


@dataclass(frozen=True, slots=True)
class Cutover:
    """What was seen of both versions."""

    old: str
    new: str
    behind: tuple[str, ...] = ()
    """Why the new version is not where the old one is; empty when it is."""
    declared: tuple[str, ...] = ()
    """Models and exposures that still read the old version, as the project says."""
    live: tuple[str, ...] = ()
    """Consumer groups that still read it, as the brokers know them."""
    inputs: tuple[Input, ...] = ()

    @property
    def may_take_over(self) -> bool:
        """Readers may move: they miss nothing by it."""
        return not self.behind

    @property
    def may_retire(self) -> bool:
        """Nobody needs the old version any more."""
        return not (self.behind or self.declared or self.live)
