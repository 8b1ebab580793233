"""Two trees of a repository -> what the change between them does, judged by the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cdk_stream.git.merge import changed_paths, project_at, tree_id
from cdk_stream.git.repository import Repository
from cdk_stream.problems import Location, Problem, Refused, Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.approval import Reason, Requirement
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.verdict import Verdict
from cdk_stream.stages.approve import Hold, Rules, requirement, requirements
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.check import NOBODY, Operator, base_version, judge
from cdk_stream.workflow.compile import Compiled, compile_tree
from cdk_stream.workflow.governed import governed_facts, governed_files

POLICY = "exposure_approval"
EMPTY = Manifest({}, {}, {})


@dataclass(frozen=True, slots=True)
class Case:
    """A change, judged; `before` and `after` are what could be compiled."""

    verdict: Verdict
    before: Compiled | None = None
    after: Compiled | None = None
    governed: tuple[str, ...] = ()
    """The files that rule the project and differ, from the top of the repository."""
    holds: tuple[Hold, ...] = ()
    base_problem: str = ""
    """What the base's own errors are; empty when it has none."""

    @property
    def rules(self) -> Project | None:
        """The project file that says who is asked: the base's, unless it has none."""
        side = self.before or self.after
        return side.project if side else None

    def requirements(self) -> tuple[Requirement, ...]:
        """Who must approve, as the policies say; see `_of_rules` for what they cannot see."""
        if self.rules is None or self.after is None:
            return ()
        rules = Rules(self.rules.governance.approvals, self.rules.owners, self.after.project.owners)
        manifests = (self.before.manifest if self.before else EMPTY, self.after.manifest)
        decisions = [located.decision for located in self.verdict.decisions]
        asked = requirements(decisions, self.verdict.impacts, self.governed, manifests, rules)
        return _merged([*asked, *self._of_rules(rules)])

    def _of_rules(self, rules: Rules) -> Iterator[Requirement]:
        """The owners of the rules answer for a base that does not compile; when there are none,
        an administrator answers for changes of the rules."""
        owners = self.before.project.governance.owners if self.before else ()
        if self.base_problem:
            reason = Reason("governance", POLICY, self.base_problem)
            for owner in owners:
                yield requirement(owner, [reason], rules)
        if not owners and self.before and (self.base_problem or self._unowned()):
            message = self.base_problem or "the base names no owners under `governance:`"
            reason = Reason("governance", POLICY, message, files=self.governed)
            yield Requirement("administrators", (reason,), administrators=True)

    def _unowned(self) -> bool:
        """Whether rules change that nobody owns, and the policy is on that asks about them."""
        if self.before is None or not self.governed or POLICY not in self.verdict.policies:
            return False
        return bool(self.before.project.policies.params.get(POLICY, {}).get("governed", True))


def judge_trees(
    root: Path,
    repository: Repository,
    base: str,
    tree: str,
    name: str,
    operator: Operator = NOBODY,
) -> Case:
    """Judge what the tree `tree` makes of commit `base`, by the rules of `base`.

    Everything is read from Git objects. What is wrong with either side becomes a hold.
    """
    found = project_at(repository, tree, name)
    if found is None:
        message = f"the project in '{repository.prefix or '.'}' is not there any more in {name}"
        mend = "keep it, or let whoever runs the deployments take it out of them first"
        return _refused(Verdict(""), [Problem(Location(PROJECT_FILE), "CS901", message, mend)])
    try:
        after = compile_tree(found)
    except Refused as refused:
        return _refused(Verdict(""), refused.problems)
    verdict = Verdict(after.project.name, after.compilation.problems)
    if not after.compilation.ok:
        return replace(_refused(verdict, after.compilation.problems), after=after)
    return _against_base(root, repository, base, tree, after, operator)


def _against_base(
    root: Path,
    repository: Repository,
    base: str,
    tree: str,
    after: Compiled,
    operator: Operator,
) -> Case:
    problems = list(after.compilation.problems)
    try:
        against = base_version(repository.at(base), after, problems)
    except Refused as refused:
        told = f"the rules of the base cannot be read: {refused.problems[0].message}"
        hold = Hold("error", told, "mend the project file of the base branch", hard=True)
        verdict = Verdict(after.project.name, (*problems, *refused.problems))
        return Case(verdict, None, after, holds=(hold,))
    before = against[1]
    changed = changed_paths(repository, tree_id(repository, base), tree)
    prefix = repository.prefix
    governed = governed_files(before, after, changed, prefix) if before else ()
    broken = "" if before is None or before.compilation.ok else problems[-1].message
    case = Case(Verdict(after.project.name), before, after, governed, base_problem=broken)
    try:
        verdict = judge(
            root, after, against, problems, operator=operator,
            facts=lambda old, new: governed_facts(old, new, changed, prefix),
        )  # fmt: skip
    except Refused as refused:
        told = f"nobody can judge it: {refused.problems[0].message}"
        hold = Hold("error", told, refused.problems[0].mend)
        failed = Verdict(after.project.name, (*problems, *refused.problems))
        return replace(case, verdict=failed, holds=(hold,))
    return replace(case, verdict=verdict, holds=tuple(_denials(verdict)))


def _denials(verdict: Verdict) -> Iterator[Hold]:
    """Errors hold even behind broken glass: there is nothing that could be deployed."""
    for problem in verdict.problems:
        if problem.severity is Severity.ERROR:
            yield Hold("failure", f"{problem.code} {problem.message}", problem.mend, hard=True)
    for located in verdict.decisions:
        one = located.decision
        if one.effect != "require_approval" and one.severity is Severity.ERROR:
            yield Hold("failure", f"{one.policy} {one.message}", one.remediation)


def _refused(verdict: Verdict, problems: tuple[Problem, ...] | list[Problem]) -> Case:
    verdict = replace(verdict, problems=tuple(problems))
    return Case(verdict, holds=tuple(_denials(verdict)))


def _merged(found: list[Requirement]) -> tuple[Requirement, ...]:
    """One requirement for each owner, with the reasons of all."""
    merged: dict[str, Requirement] = {}
    for one in found:
        before = merged.get(one.owner, one)
        merged[one.owner] = replace(
            before,
            reasons=tuple(dict.fromkeys((*before.reasons, *one.reasons))),
            min_approvals=max(before.min_approvals, one.min_approvals),
        )
    return tuple(merged[owner] for owner in sorted(merged))
