"""An approved plan -> live systems, a journal on the way, and a record at the end."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cdk_stream.deployment import journal
from cdk_stream.deployment.journal import progress
from cdk_stream.deployment.permit import permit
from cdk_stream.deployment.run import Watcher, carry_out
from cdk_stream.deployment.step import Carrier
from cdk_stream.plugin.store import Entry, Lease, State, since
from cdk_stream.problems import Location, Problem, Refused, refuse_errors
from cdk_stream.results.plan import Key, Plan
from cdk_stream.results.record import Record, Recorded, StepResult
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.blocked import blocked
from cdk_stream.workflow.draft import PLAIN, Asked, Draft, draft
from cdk_stream.workflow.lease import held
from cdk_stream.workflow.proof import Proof, Prover
from cdk_stream.workflow.readers import still_read
from cdk_stream.workflow.site import Site

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be deployed, and by whose leave."""

    asked: Asked = PLAIN
    digest: str = ""
    """Of the approved plan; empty where none is needed."""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deploy did."""

    plan: Plan
    record: Record | None
    """The record after it; None when nothing was ever deployed and nothing is to be."""
    results: tuple[StepResult, ...]

    @property
    def failed(self) -> bool:
        """Whether any step did not come to its end."""
        return any(one.result in ("failed", "skipped") for one in self.results)


def who(environ: Mapping[str, str]) -> str:
    """Who deploys: the login of CI's run, or the account and host of this machine."""
    login = environ.get("GITHUB_ACTOR")
    if login:
        return f"{login} (run {environ.get('GITHUB_RUN_ID', 'unknown')})"
    return f"{getpass.getuser()}@{socket.gethostname()}"


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def deploy(
    site: Site,
    order: Order,
    prove: Prover,
    watcher: Watcher,
    clock: Clock = now,
) -> Deployed:
    """Plan again under the lease, and carry out what was approved; raises `Refused`.

    Whatever happens, the journal tells the next run what was begun and what is done.
    """
    with held(site, order.by) as lease:
        return _deploy(site, order, prove, watcher, lease, clock)


def _deploy(
    site: Site, order: Order, prove: Prover, watcher: Watcher, lease: Lease, clock: Clock
) -> Deployed:
    drafted = draft(site, order.asked)
    plan = drafted.plan
    refuse_foreign(plan)
    last = drafted.state.record
    what = permit(plan, order.digest, drafted.progress, last.plan if last else "")
    proof = prove(plan, last)
    refuse_errors(site.plugins.before_deploy(plan))
    if not proof.break_glass and not order.asked.purpose:  # a rollback may be the mend
        refuse_errors(blocked(site, plan, last))
    refuse_errors(still_read(site, plan, last, order.asked.choices.delete))
    if not plan.writes and not drafted.state.journal and last and last.commit == plan.commit:
        return Deployed(plan, last, _kept(plan))
    started = moment(clock)
    log = _Log(lease)
    log.append(journal.begin(plan, what, order.by, started))
    carrier = Carrier(log, site.secrets.mask)
    works = drafted.works(site)
    results = (*carry_out(works, carrier, watcher, site.project.deploy.at_once), *_kept(plan))
    record = _record(site, order, drafted, log.entries, results, proof)
    record = replace(record, started=started, ended=moment(clock), plan=what.plan)
    lease.finish(record)
    site.plugins.after_deploy(plan, carrier.outcomes)
    return Deployed(plan, record, results)


class _Log:
    """A lease that remembers what was appended to it."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self.token = lease.token
        self.entries: list[Entry] = []
        self.check = lease.check
        self.renew = lease.renew
        self.finish = lease.finish
        self.release = lease.release

    def append(self, entry: Entry) -> None:
        self._lease.append(entry)
        self.entries.append({"token": self.token, **entry})


def refuse_foreign(plan: Plan) -> None:
    """Raise `Refused` (CS832) when a resource is somebody else's."""
    problems = [
        Problem(
            Location(PROJECT_FILE),
            "CS832",
            f"'{step.id}' was there before the project, and is not as wanted",
            f"rename it, or take it over: --adopt {step.id}",
            node=step.node,
        )
        for step in plan.steps
        if step.action == "foreign"
    ]
    if problems:
        raise Refused(problems)


def _kept(plan: Plan) -> tuple[StepResult, ...]:
    """The deletions that nobody approved."""
    return tuple(
        StepResult(step.id, step.action, "kept", False, f"to delete it: --delete {step.id}")
        for step in plan.steps
        if not step.approved
    )


def _record(
    site: Site,
    order: Order,
    drafted: Draft,
    entries: list[Entry],
    results: tuple[StepResult, ...],
    proof: Proof,
) -> Record:
    state = drafted.state
    journalled = since(state.record, (*state.journal, *entries))
    resources = progress(State(state.record, journalled)).resources
    failed = any(one.result in ("failed", "skipped") for one in results)
    return Record(
        site.project_name,
        site.place.name,
        drafted.plan.serial + 1,
        drafted.plan.commit,
        "",
        "failed" if failed else "done",
        "",
        "",
        order.by,
        _placed(resources, drafted),
        results,
        proof.evidence,
        proof.break_glass,
        order.asked.purpose == "rollback",
        *_protection(site, state.record, proof),
    )


def _protection(site: Site, last: Record | None, proof: Proof) -> tuple[bool, str]:
    """Whether the environment is protected from now on, and the branch that counts there.

    Without a proof, nothing of it is loosened.
    """
    said = site.place.environment
    if last is None or not last.protected or proof.evidence:
        return said.protected, said.branch
    return True, last.branch


def _placed(resources: Mapping[Key, Recorded], drafted: Draft) -> dict[Key, Recorded]:
    """What is wanted stands where the graph has it now, changed or not."""
    placed = dict(resources)
    for key, wanted in drafted.wanted.items():
        if key in placed:
            needs, rank = drafted.order.needs(key), drafted.order.rank(wanted.node)
            placed[key] = replace(placed[key], node=wanted.node, needs=needs, rank=rank)
    return placed


def moment(clock: Clock) -> str:
    """Now, as records write it: `2026-01-31T12:00:00Z`."""
    return clock().isoformat(timespec="seconds").replace("+00:00", "Z")
