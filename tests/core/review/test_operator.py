"""What the platform asks for holds at the gate and at the proof, whatever the project says."""

from __future__ import annotations

from cdk_stream.resources.requirement import RequiredBundle
from cdk_stream.workflow.check import Operator
from cdk_stream.workflow.prove import prove
from cdk_stream.workflow.review import review
from tests.core.review.conftest import NOW, World
from tests.core.review.test_prove import approved, merge

ASKING = Operator(required=(RequiredBundle(name="acme"),))


def test_a_project_without_a_required_bundle_does_not_pass_the_gate(world: World) -> None:
    reviewed = review(world.root, world.forge, approved(world), now=NOW, operator=ASKING)
    assert reviewed.approvals.gate.state == "error"
    assert "requires the policy bundle 'acme'" in " ".join(reviewed.approvals.gate.reasons)


def test_nor_the_proof_before_a_deploy(world: World) -> None:
    merged = merge(world, approved(world), "merge")
    assert prove(world.root, world.forge, merged, now=NOW).passed
    assert not prove(world.root, world.forge, merged, now=NOW, operator=ASKING).passed
