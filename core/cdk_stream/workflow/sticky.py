"""Whether an approval of an older commit still holds: what reaches the application is the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_stream.git.merge import file_ids, tree_id
from cdk_stream.git.repository import Repository
from cdk_stream.plugin.forge import Review
from cdk_stream.problems import Refused, Usage
from cdk_stream.results.approval import Reason, Requirement
from cdk_stream.results.evidence import digest
from cdk_stream.results.graph import reachable
from cdk_stream.workflow.case import Case, judge_trees


@dataclass(slots=True)
class Sticky:
    """Compares what was approved with what would land, both compiled from Git."""

    root: Path
    repository: Repository
    base: str
    case: Case
    tree: str
    _earlier: dict[str, Case | None] = field(default_factory=dict)

    def holds(self, review: Review, requirement: Requirement) -> str:
        """The impact digest that both commits share; empty when they differ or nobody can tell."""
        rules = self.case.rules
        if rules is None or rules.governance.approvals.sticky != "impact-digest":
            return ""
        earlier = self._at(review.commit)
        if earlier is None or requirement.administrators:
            return ""
        now = self._digest(self.case, self.tree, requirement)
        then = self._digest(earlier, tree_id(self.repository, review.commit), requirement)
        return now if now and now == then else ""

    def _at(self, commit: str) -> Case | None:
        if commit not in self._earlier:
            self._earlier[commit] = self._judged(commit)
        return self._earlier[commit]

    def _judged(self, commit: str) -> Case | None:
        try:
            tree = tree_id(self.repository, self.repository.resolve(commit))
            return judge_trees(self.root, self.repository, self.base, tree, commit[:7])
        except (Usage, Refused):
            return None

    def _digest(self, case: Case, tree: str, requirement: Requirement) -> str:
        parts = [self._part(case, tree, reason) for reason in requirement.reasons]
        return "" if None in parts else digest(parts)

    def _part(self, case: Case, tree: str, reason: Reason) -> Any:
        """Everything that reaches what an owner is asked about."""
        if reason.ground == "governance":
            return self._files(tree, reason.files)
        if case.after is None or not case.after.compilation.ok or not reason.node:
            return None
        manifest = case.after.manifest
        nodes = sorted(reachable(manifest.parents, [reason.node]) | {reason.node})
        kept = {name: digest(manifest.nodes[name]) for name in nodes if name in manifest.nodes}
        told = [
            [one.policy, one.effect, one.message, one.node, list(one.columns)]
            for located in case.verdict.decisions
            if (one := located.decision).node in nodes
        ]
        return {"nodes": kept, "decisions": sorted(told)}

    def _files(self, tree: str, files: tuple[str, ...]) -> Any:
        """The ids of files that rule the project; the project's own are compared as they are."""
        if not files:
            return None
        listing = file_ids(self.repository, tree, files)
        return [listing.get(path, "") for path in files]
