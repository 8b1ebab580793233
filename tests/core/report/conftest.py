"""Verdicts made by hand, one for each outcome."""

from __future__ import annotations

import pytest

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.counts import Counts
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import AtRisk, Impact, Spared
from cdk_stream.results.verdict import LocatedDecision, Verdict
from cdk_stream.results.waiver import Waived

COUNTS = Counts(
    sources=2, models={"flink": 2, "proxy": 1, "connect": 1}, tests=1, exposures=3, artifacts=14
)
POLICIES = ("classification", "exposure_approval", "fail_closed", "residency")
NODES = (
    "source.card_payments_raw",
    "model.card_payments_clean",
    "model.card_payments_fraud_events",
    "exposure.fraud_scoring_service",
)

WARNING = Problem(
    Location("models/card_payments_clean.yml", 21, 11),
    "CS611",
    "the Gateway cannot tokenize 'card_number': it is masked whole",
    "choose mask_all, mask_first_n or mask_last_n",
    Severity.WARNING,
    "model.card_payments_clean",
)
NOTE = Problem(
    Location("models/fraud_events.yml", 21),
    "CS305",
    "'from: sources:' names the model 'card_payments_clean'",
    severity=Severity.NOTE,
    node="model.card_payments_fraud_events",
)
ERROR = Problem(
    Location("models/fraud_events.yml", 30, 7),
    "CS411",
    "no input of model 'card_payments_fraud_events' has a column 'risk_scor'",
    "did you mean 'risk_score'?",
    node="model.card_payments_fraud_events",
)
DENIAL = LocatedDecision(
    Decision(
        policy="classification",
        effect="deny",
        message="column 'status' of 'card_payments_raw' has no classification",
        node="source.card_payments_raw",
        column="status",
        pointer="/columns",
        remediation="write `status: internal` under `pii_tags`",
        title="Every column is classified",
        docs="https://example.com/policies/classification",
    ),
    Location("sources/sources.yml", 2, 5),
)
APPROVAL = LocatedDecision(
    Decision(
        policy="exposure_approval",
        effect="require_approval",
        message="the change breaks 'fraud_scoring_service'",
        node="exposure.fraud_scoring_service",
        approvers=("team-fraud",),
        title="Owners agree to changes that hit them",
        severity=Severity.WARNING,
    ),
    Location("exposures/consumers.yml", 2, 5),
)
WAIVED = Waived(
    DENIAL.decision,
    "W1",
    "the producer adds the class with its next release",
    "team-payments",
    "2026-12-31",
    "PAY-7",
    ("@dana",),
    DENIAL.location,
)
CHANGE = Change(
    node="model.card_payments_clean",
    kind="modified",
    category="breaking",
    aspects=(
        Aspect(
            "COLUMN_REMOVED",
            "breaking",
            "schema",
            "column 'card_network' is removed",
            "card_network",
            "keep it until nobody reads it",
        ),
        Aspect("FILTER_NARROWED", "risky", "meaning", "fewer rows come out"),
    ),
    path="models/card_payments_clean.yml",
    pointer="/models/0",
)
FOLLOWS = Change(
    node="model.card_payments_fraud_events",
    kind="modified",
    category="risky",
    aspects=(
        Aspect("ROWS_CHANGED", "risky", "meaning", "rows of an input changed", inherited=True),
    ),
    path="models/fraud_events.yml",
    pointer="/models/1",
)
IMPACT = Impact(
    exposure="exposure.fraud_scoring_service",
    owner="team-fraud",
    type="application",
    url="https://git.internal/fraud/scoring",
    severity="breaking",
    changes=("model.card_payments_clean",),
    path=(
        "model.card_payments_clean",
        "model.card_payments_fraud_events",
        "exposure.fraud_scoring_service",
    ),
    reasons=("column 'card_network' of model 'card_payments_clean' is removed",),
    columns=("model.card_payments_fraud_events.card_network",),
    at_risk=(AtRisk("max_end_to_end_latency_ms: 800", "the job starts again without its state"),),
)
SPARED = Spared(
    "exposure.fraud_analyst_dashboard", "model.card_payments_clean", "it reads no changed column"
)

VERDICTS = {
    "refused": Verdict(
        project="fraud",
        problems=(NOTE, WARNING, ERROR),
        decisions=(DENIAL, APPROVAL),
        changes=(CHANGE, FOLLOWS),
        impacts=(IMPACT,),
        spared=(SPARED,),
        base="commit 1a2b3c4",
        counts=COUNTS,
        policies=POLICIES,
        nodes=NODES,
    ),
    "needs_approval": Verdict(
        project="fraud",
        problems=(WARNING,),
        decisions=(APPROVAL,),
        changes=(CHANGE,),
        impacts=(IMPACT,),
        base="commit 1a2b3c4",
        counts=COUNTS,
        policies=POLICIES,
        nodes=NODES,
    ),
    "waived": Verdict(
        project="fraud", waived=(WAIVED,), counts=COUNTS, policies=POLICIES, nodes=NODES
    ),
    "passed": Verdict(project="fraud", counts=COUNTS, policies=POLICIES, nodes=NODES),
}


@pytest.fixture(params=VERDICTS)
def verdict(request: pytest.FixtureRequest) -> Verdict:
    """Each of the verdicts in turn."""
    return VERDICTS[request.param]


@pytest.fixture
def refused() -> Verdict:
    """The verdict with one of everything."""
    return VERDICTS["refused"]
