"""One step, carried out: journalled before and after, looked at again when nobody can be sure."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cdk_stream.deployment import journal
from cdk_stream.plugin.store import Lease
from cdk_stream.plugin.system import Live, Outcome, System, SystemFailed, Wanted
from cdk_stream.results.plan import Step
from cdk_stream.results.record import Recorded, StepResult

ATTEMPTS = 4
_FIRST_PAUSE = 0.25
_PATIENCE = 3
"""How often a system is asked whether it shows what it has just taken."""


@dataclass(frozen=True, slots=True)
class Work:
    """All that one step needs."""

    step: Step
    system: System
    wanted: Wanted | None
    live: Live | None
    recorded: Recorded | None
    needs: tuple[str, ...] = ()
    rank: int = 0
    commit: str = ""


class KeptNotes:
    """Notes of a step that go into the journal before anybody relies on them."""

    def __init__(self, step: Step, lease: Lease, kept: Mapping[str, Any]) -> None:
        self._step = step
        self._lease = lease
        self._kept = dict(kept)

    def get(self, name: str) -> Any:
        return self._kept.get(name)

    def keep(self, name: str, value: Any) -> None:
        self._lease.append(journal.note(self._step, name, value))
        self._kept[name] = value

    @property
    def empty(self) -> bool:
        return not self._kept


class Carrier:
    """Carries out single steps; may be used by several threads at once."""

    def __init__(
        self,
        lease: Lease,
        mask: Callable[[str], str] = str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._lease = lease
        self._mask = mask
        self._pause = pause
        self.outcomes: dict[str, Outcome] = {}
        """Of the steps that are done, by their ids."""

    def carry_out(self, work: Work) -> StepResult:
        """Do it, or say why not; raises `LeaseLost` or `StoreFailed`, and nothing else."""
        step = work.step
        self._lease.check()
        recorded = work.recorded
        notes = KeptNotes(step, self._lease, recorded.notes if recorded else {})
        unsure = recorded is not None and recorded.unfinished != ""
        self._lease.append(journal.start(step))
        try:
            outcome = self._outcome(work, notes)
        except SystemFailed as failure:
            why = self._mask(str(failure))
            unsure = not failure.settled and (unsure or failure.unsure or not notes.empty)
            self._lease.append(journal.failed(step, why, unsure))
            return StepResult(step.id, step.action, "failed", unsure, why)
        told = self._mask(outcome.told)
        outcome = Outcome(outcome.live, outcome.changed, told)
        self._lease.append(journal.done(step, outcome, _left(work, outcome)))
        self.outcomes[step.id] = outcome
        return StepResult(step.id, step.action, "done", outcome.changed, told)

    def _outcome(self, work: Work, notes: KeptNotes) -> Outcome:
        if work.step.action == "adopt" or (work.wanted is None and work.live is None):
            return Outcome(work.live, changed=False)
        live, failure = work.live, None
        for attempt in range(ATTEMPTS):
            if failure is not None:
                self._pause(_FIRST_PAUSE * 2 ** (attempt - 1))
                try:
                    live = _look(work)
                except SystemFailed as again:
                    failure = _worse(failure, again)
                    continue
                if _is_there(work, live) and notes.empty:
                    return Outcome(live)
            self._lease.check()
            try:
                return self._seen(work, work.system.apply(work.step, work.wanted, live, notes))
            except SystemFailed as failed:
                failure = _worse(failure, failed)
                if not (failed.unsure or failed.again):
                    break
        assert failure is not None
        raise failure

    def _seen(self, work: Work, outcome: Outcome) -> Outcome:
        """What was done, once the system shows it; a write that cannot be seen is none."""
        live = outcome.live
        for attempt in range(_PATIENCE):
            if _is_there(work, live):
                return Outcome(live, outcome.changed, outcome.told)
            self._pause(_FIRST_PAUSE * 2**attempt)
            live = _look(work)
        if _is_there(work, live):
            return Outcome(live, outcome.changed, outcome.told)
        message = f"'{work.step.id}' does not show what was asked of it"
        raise SystemFailed(message, "look at it, and deploy again", unsure=True)


def _worse(before: SystemFailed | None, now: SystemFailed) -> SystemFailed:
    """The last failure, unsure if any of them was."""
    if before is not None and before.unsure and not now.unsure:
        return SystemFailed(str(now), now.mend, unsure=not now.settled, settled=now.settled)
    return now


def _look(work: Work) -> Live | None:
    key = work.step.key
    recorded = {key: work.recorded.spec if work.recorded else None}
    found = work.system.observe([work.wanted] if work.wanted else [], recorded)
    return found.get(key)


def _is_there(work: Work, live: Live | None) -> bool:
    """Whether the live system is as wanted: gone, when nothing is."""
    if work.wanted is None:
        return live is None
    return live is not None and work.system.compare(work.wanted, live).action == "nothing"


def _left(work: Work, outcome: Outcome) -> Recorded | None:
    """What the record shall say of the resource; nothing when it is gone."""
    live, wanted, before = outcome.live, work.wanted, work.recorded
    if live is None or wanted is None:
        return None
    fresh = work.step.action == "adopt" and not (before and (before.digest or before.unfinished))
    return Recorded(
        work.step.key,
        wanted.node,
        wanted.digest,
        live.digest,
        wanted.spec,
        work.commit,
        live.holds_data,
        fresh or (before is not None and before.adopted),
        work.needs,
        work.rank,
    )
