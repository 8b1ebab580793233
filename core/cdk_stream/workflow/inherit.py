"""What each job that is deployed anew does with that which the running one remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cdk_stream.plugin.system import Wanted
from cdk_stream.problems import Problem, Refused
from cdk_stream.results.change import Change
from cdk_stream.results.plan import Key
from cdk_stream.results.record import Recorded
from cdk_stream.stages.diff.state import UNDECIDED
from cdk_stream.workflow.change import changes_between
from cdk_stream.workflow.compile import compile_tree
from cdk_stream.workflow.site import Site, find_past

STATE = "state"


def inherit(
    site: Site, wanted: Mapping[Key, Wanted], recorded: Mapping[Key, Recorded], commit: str
) -> dict[Key, Wanted]:
    """Say `keep`, or what the author decided, for each job that differs from the deployed one.

    `on_state_change` answers for changes that touch the state and for no others: a job that only
    writes elsewhere goes on where it was. Raises `Refused` (CS843) for what nobody decided.
    """
    differing = {
        one.node
        for key, one in wanted.items()
        if key in recorded and recorded[key].digest != one.digest
    }
    if not differing:
        return {key: _with(one, "keep", recorded.get(key)) for key, one in wanted.items()}
    aspects = _codes(site, commit) if commit else {}
    problems = [_undecided(site, node) for node in sorted(differing) if _open(aspects, node)]
    if problems:
        raise Refused(problems)
    return {
        key: _with(one, _state(one, aspects.get(one.node, ()), bool(commit)), recorded.get(key))
        for key, one in wanted.items()
    }


def _codes(site: Site, commit: str) -> dict[str, tuple[str, ...]]:
    """Node id -> the codes of its aspects, between what is deployed and what shall be."""
    before = compile_tree(find_past(site.place.root, site.place.name, commit).tree)
    changes: Iterable[Change] = changes_between(before, site.compiled)
    return {change.node: tuple(one.code for one in change.aspects) for change in changes}


def _open(aspects: Mapping[str, tuple[str, ...]], node: str) -> bool:
    return any(code in UNDECIDED for code in aspects.get(node, ()))


def _state(wanted: Wanted, codes: tuple[str, ...], known: bool) -> str:
    """Of a working tree nobody knows what changed: then what the author says counts."""
    decided = str(wanted.settings.get(STATE) or "keep")
    return decided if "STATE_RESET" in codes or not known else "keep"


def _with(wanted: Wanted, state: str, recorded: Recorded | None) -> Wanted:
    """A job that was paused goes on from where it was stopped, though its system forgets it."""
    settings = {**wanted.settings, STATE: state}
    if recorded is not None and recorded.paused.get("savepoint"):
        settings["savepoint"] = recorded.paused["savepoint"]
    return wanted if settings == wanted.settings else replace(wanted, settings=settings)


def _undecided(site: Site, node: str) -> Problem:
    found = site.compiled.manifest.nodes[node]
    location = site.compiled.loader.locate(found["path"], found["pointer"])
    name = node.partition(".")[2]
    message = f"the running job of '{name}' remembers what the new one may not go on with"
    mend = "say 'on_state_change: reset', 'replay' or 'keep'; `check --base` tells what differs"
    return Problem(location, "CS843", message, mend, node=node)
