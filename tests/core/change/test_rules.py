"""A pull request that changes the rules says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.workflow.check import check
from tests.core.advise.pull_request import Edit, git, opened

DENY = """\
# METADATA
# title: Streams have owners
# custom:
#   id: owners
#   severity: error
package stream.rules.owners

import rego.v1

deny contains finding if {
\tsome node in input.nodes
\tnode.kind == "source"
\tnot node.owner
\tfinding := {"node": node.id, "message": "no owner"}
}
"""
WAIVER = """\
waivers:
  - id: W1
    policy: residency
    node: model.card_payments_clean
    reason: moving
    owner: team-payments
    expires: "2099-01-01"
"""
RULE = "policies/owners.rego"


def told(root: Path) -> list[tuple[str, str, str]]:
    return [
        (change.node, aspect.code, aspect.category)
        for change in check(root, "main").changes
        for aspect in change.aspects
    ]


@pytest.mark.parametrize(
    ("before", "edit", "code", "category"),
    [
        ((), (RULE, "", DENY), "POLICY_CHANGED", "risky"),
        (((RULE, "", DENY),), (RULE, "not node.owner", "node.owner"), "POLICY_CHANGED", "risky"),
        ((), ("policies/owners_test.rego", "", DENY), "POLICY_TEST_CHANGED", "safe"),
        ((), ("waivers.yml", "", WAIVER), "WAIVERS_CHANGED", "risky"),
        (
            (("waivers.yml", "", WAIVER),),
            ("waivers.yml", "2099-01-01", "2099-02-01"),
            "WAIVERS_CHANGED",
            "risky",
        ),
    ],
)  # fmt: skip
def test_is_told(
    before: tuple[Edit, ...], edit: Edit, code: str, category: str, tmp_path: Path
) -> None:
    assert told(opened(tmp_path, edit, before=before)) == [(edit[0], code, category)]


def test_white_space_is_nothing(tmp_path: Path) -> None:
    root = opened(
        tmp_path,
        (RULE, "\tnot node.owner", "\n    not  node.owner"),
        ("waivers.yml", "reason: moving", 'reason:   "moving"'),
        before=((RULE, "", DENY), ("waivers.yml", "", WAIVER)),
    )
    assert told(root) == []


def test_a_policy_that_goes_is_told(tmp_path: Path) -> None:
    root = opened(tmp_path, before=((RULE, "", DENY),))
    git(root, "rm", "--quiet", RULE)
    assert told(root) == [(RULE, "POLICY_CHANGED", "risky")]
