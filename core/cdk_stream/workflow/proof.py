"""Why a plan may be carried out in its environment."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.git import find_repository
from cdk_stream.plugin.forge import Forge, ForgeError
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.results.plan import Plan
from cdk_stream.results.record import Record
from cdk_stream.results.review import Reviewed
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.ancestry import is_ancestor
from cdk_stream.workflow.check import NOBODY, Operator
from cdk_stream.workflow.prove import prove, prove_since
from cdk_stream.workflow.site import Site


@dataclass(frozen=True, slots=True)
class Proof:
    """What a deploy may rely on."""

    evidence: str = ""
    """The digest of the proven approvals; empty where none is needed, or glass was broken."""
    break_glass: str = ""
    """The reason for going without."""


Prover = Callable[[Plan, Record | None], Proof]
"""Proves a plan now, given the last record; raises `Refused`. Asked at every deploy: no earlier
answer is trusted."""


def prover(
    site: Site, digest: str, broken_glass: str | None, operator: Operator = NOBODY
) -> Prover:
    """What proves a plan in an environment; `digest` is that of the approved plan, if any.

    An environment whose last deploy was protected stays so, with its branch, until a proven deploy
    says otherwise.
    """

    def asked(plan: Plan, last: Record | None) -> Proof:
        if not site.place.environment.protected and not (last and last.protected):
            return Proof(break_glass=broken_glass or "")
        if not digest or not plan.commit:
            raise _refusal(
                "CS837",
                f"'{plan.environment}' is protected: only an approved plan of a commit is "
                "deployed there",
                "cdk-stream plan --out plan.json, then cdk-stream deploy plan.json",
            )
        if broken_glass:
            return Proof(break_glass=broken_glass)
        branch = last.branch if last and last.protected else site.place.environment.branch
        return _proven(site, plan.commit, branch, operator)

    return asked


def _proven(site: Site, commit: str, branch: str, operator: Operator) -> Proof:
    root = site.place.root
    forge = _forge(site, commit)
    since = _last_proven(site)
    if not since or is_ancestor(root, commit, since):
        reviews: Sequence[Reviewed] = (prove(root, forge, commit, branch, operator=operator),)
    else:
        _refuse_lost(root, since)
        reviews = prove_since(root, forge, since, commit, branch, operator=operator)
    refused = [review for review in reviews if not review.passed]
    if refused:
        raise Refused([_unapproved(review) for review in refused])
    told = "\n".join(review.record.digest for review in reviews)
    return Proof(hashlib.sha256(told.encode()).hexdigest())


def _refuse_lost(root: Path, since: str) -> None:
    """What came after a commit can only be found where the commit is."""
    try:
        find_repository(root).resolve(since)
    except Usage:
        message = f"commit {since[:7]}, the last one whose approvals were proven, is not here"
        mend = "git fetch --unshallow; if it is gone for good: --break-glass REASON"
        raise _refusal("CS845", message, mend) from None


def _last_proven(site: Site) -> str:
    """The last deployed commit whose approvals were proven; what came since is to be proven."""
    proven = [one.commit for one in site.store.records() if one.evidence and not one.rollback]
    return proven[-1] if proven else ""


def _forge(site: Site, commit: str) -> Forge:
    try:
        forge = site.plugins.open_forge(os.environ)
    except ForgeError as error:
        raise _refusal("CS845", str(error), error.mend) from None
    if forge is None:
        message = f"no forge tells whether commit {commit[:7]} was approved"
        mend = "deploy from CI, with a token; in an emergency: --break-glass REASON"
        raise _refusal("CS845", message, mend)
    return forge


def _unapproved(review: Reviewed) -> Problem:
    subject, gate = review.subject, review.approvals.gate
    message = f"pull request #{subject.number} is deployed with this, and {gate.description}"
    mend = gate.mends[0] if gate.mends else "have it approved, or revert it"
    return Problem(Location(PROJECT_FILE), "CS845", message, mend)


def _refusal(code: str, message: str, mend: str) -> Refused:
    return Refused([Problem(Location(PROJECT_FILE), code, message, mend)])
