"""Why a plan may be carried out in its environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.plan import Plan
from cdk_stream.tree import PROJECT_FILE


@dataclass(frozen=True, slots=True)
class Proof:
    """What a deploy may rely on."""

    evidence: str = ""
    """The digest of the proven approvals; empty where none is needed, or glass was broken."""
    break_glass: str = ""
    """The reason for going without."""


Prover = Callable[[Plan], Proof]
"""Proves a plan now; raises `Refused`. Asked at every deploy: no earlier answer is trusted."""


def no_proof(_: Plan) -> Proof:
    """For an environment that is not protected."""
    return Proof()


def broken_glass(reason: str) -> Prover:
    """Goes without proof, and says so in the record."""
    return lambda _: Proof(break_glass=reason)


def unproven(environment: str) -> Refused:
    """A protected environment, and no commit or no approved plan."""
    message = f"'{environment}' is protected: only an approved plan of a commit is deployed there"
    mend = "cdk-stream plan --out plan.json, then cdk-stream deploy plan.json"
    return Refused([Problem(Location(PROJECT_FILE), "CS837", message, mend)])
