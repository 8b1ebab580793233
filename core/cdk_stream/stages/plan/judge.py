"""One resource, wanted, recorded and live -> what must happen to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from cdk_stream.plugin.system import Comparison, Live, System, SystemFailed, Wanted
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.secret import holds_secret
from cdk_stream.results.plan import Action, Danger, Difference, Key, Step
from cdk_stream.results.record import Recorded
from cdk_stream.tree import PROJECT_FILE

HIDDEN = "(secret)"
Dangers = tuple[tuple[Danger, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided; patterns of ids such as `main/topic/pay*`."""

    adopt: tuple[str, ...] = ()
    """Take over what was there before, though it differs."""
    delete: tuple[str, ...] = ()
    """Delete although rows or schemas are lost with it, or although it was there before."""
    delete_own: bool = False
    """Delete whatever the project itself made, with its rows: the environment is taken down."""


UNDECIDED = Choices()


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one resource."""

    key: Key
    wanted: Wanted | None
    recorded: Recorded | None
    live: Live | None


def judge(case: Case, system: System, choices: Choices) -> Step:
    """The step of one resource; its `needs` are found later."""
    step = _gone(case, choices) if case.wanted is None else _kept(case, system, choices)
    was = case.live.digest if case.live else ""
    digest = case.wanted.digest if case.wanted else ""
    shown = tuple(_shown(one) for one in step.differences)
    return replace(step, was=was, digest=digest, differences=shown)


def chosen(key: Key, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns means a resource."""
    return any(fnmatchcase(str(key), pattern) for pattern in patterns)


def _kept(case: Case, system: System, choices: Choices) -> Step:
    """What happens to a resource that is wanted."""
    assert case.wanted is not None
    found = _compared(case.wanted, case.live, system)
    recorded = case.recorded
    if recorded is not None and recorded.paused and recorded.digest == case.wanted.digest:
        return _step(case, "nothing", _paused(recorded), Comparison("nothing"))
    if case.live is None:
        return _missing(case, found)
    if recorded is None:
        return _stranger(case, case.live, found, choices)
    if recorded.unfinished:
        return _unfinished(case, case.live, recorded, found, choices)
    by_hand = recorded.live != case.live.digest
    if found.action == "nothing":
        return _as_wanted(case, recorded, by_hand)
    if by_hand and recorded.digest == case.wanted.digest:
        return _step(case, "drift", "it was changed by hand since the last deploy", found)
    why = found.why or f"{_name(case)} changed"
    return _step(case, found.action, why + (", and it was changed by hand" * by_hand), found)


def _compared(wanted: Wanted, live: Live | None, system: System) -> Comparison:
    """Raises `Refused` (CS870) for what the system can never be brought to."""
    try:
        return system.compare(wanted, live)
    except SystemFailed as failure:
        where = Location(PROJECT_FILE)
        raise Refused([Problem(where, "CS870", str(failure), failure.mend)]) from None


def _paused(recorded: Recorded) -> str:
    return f"it was paused by {recorded.paused['by']}: {recorded.paused['reason']}"


def _missing(case: Case, found: Comparison) -> Step:
    recorded = case.recorded
    if recorded is None or not recorded.digest:
        return _step(case, "create", f"{_name(case)} is new", found)
    lost: Dangers = ()
    if recorded.holds_data and not recorded.unfinished:
        lost = (("data_loss", "what it held is gone, and does not come back"),)
    why = "it was deployed, and somebody removed it"
    if recorded.unfinished:
        why = f"its {recorded.unfinished} did not come to its end"
    return _step(case, "create", why, found, lost)


def _stranger(case: Case, live: Live, found: Comparison, choices: Choices) -> Step:
    """It is there, and no record says that it is ours."""
    if found.action == "nothing":
        return _step(case, "adopt", "it is there already, as wanted", found)
    if live.ours:
        why = "it bears the mark of this project, though no record of it is left"
        return _step(case, found.action, why, found)
    if chosen(case.key, choices.adopt):
        return _step(case, found.action, "it was there before, and is taken over", found)
    return _step(case, "foreign", "it was there before the project, and differs", found)


def _unfinished(
    case: Case, live: Live, recorded: Recorded, found: Comparison, choices: Choices
) -> Step:
    """A step was begun and not seen to end: what is live may be half of it."""
    why = f"its {recorded.unfinished} did not come to its end"
    if not recorded.digest and live.ours is False and found.action != "nothing":
        return _stranger(case, live, found, choices)
    if found.action != "nothing":
        return _step(case, found.action, why, found)
    return _step(case, "update" if recorded.notes else "adopt", why, found)


def _as_wanted(case: Case, recorded: Recorded, by_hand: bool) -> Step:
    if by_hand or case.wanted is None or recorded.digest != case.wanted.digest:
        why = "it is as wanted already, and not as the last deploy left it"
        return _step(case, "adopt", why, Comparison("nothing"))
    return _step(case, "nothing", "", Comparison("nothing"))


def _gone(case: Case, choices: Choices) -> Step:
    """What happens to a resource of ours that is not wanted any more."""
    recorded, live = case.recorded, case.live
    node = recorded.node if recorded else ""
    why = f"{node.replace('.', ' ', 1)} does not ask for it any more" if node else "nobody asks"
    if live is None:
        return Step(case.key, "delete", node, f"{why}, and it is gone already")
    if recorded is None:
        why = "it bears the mark of this project, and nobody asks for it"
    dangers: list[tuple[Danger, str]] = []
    if live.holds_data or (recorded is not None and recorded.holds_data):
        dangers.append(("data_loss", "what it holds is lost"))
    if recorded is None or recorded.adopted:
        dangers.append(("downtime", "it was there before the project, and others may use it"))
    own = choices.delete_own and recorded is not None and not recorded.adopted
    let_go = recorded is not None and bool(recorded.retired) and not recorded.adopted
    approved = not dangers or own or let_go or chosen(case.key, choices.delete)
    return Step(case.key, "delete", node, why, dangers=tuple(dangers), approved=approved)


def _step(case: Case, action: Action, why: str, found: Comparison, first: Dangers = ()) -> Step:
    assert case.wanted is not None
    dangers = (*first, *found.dangers)
    return Step(case.key, action, case.wanted.node, why, found.differences, dangers)


def _name(case: Case) -> str:
    node = case.wanted.node if case.wanted else ""
    kind, _, name = node.partition(".")
    return f"{kind} '{name}'"


def _shown(difference: Difference) -> Difference:
    """Secrets are not among the differences; should one be, its value is not shown."""
    field = difference.field
    return Difference(field, _hide(field, difference.live), _hide(field, difference.wanted))


def _hide(field: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hide(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hide(field, item) for item in value]
    if isinstance(value, str) and holds_secret(field) and "${" not in value and value:
        return HIDDEN
    return value
