"""Compilation -> verdict: what changed, whom it hits, and what the policies say."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdk_stream.git import find_repository
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.rulings import Rulings
from cdk_stream.problems import Location, Problem, Refused, Severity
from cdk_stream.resources.engine import Engine
from cdk_stream.resources.project import PolicySettings
from cdk_stream.results.change import Change
from cdk_stream.results.consumer import LiveGroups
from cdk_stream.results.counts import count
from cdk_stream.results.decision import Decision, Ruling
from cdk_stream.results.impact import Reach
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.verdict import LocatedDecision, Verdict
from cdk_stream.results.waiver import POLICY as WAIVERS
from cdk_stream.results.waiver import Waiving
from cdk_stream.stages.load.environment import in_environment
from cdk_stream.stages.trace import trace
from cdk_stream.tree import PROJECT_FILE, WAIVERS_FILE, Tree
from cdk_stream.workflow.advice import advised
from cdk_stream.workflow.change import change_problems, changes_between
from cdk_stream.workflow.compile import (
    Compiled,
    compile_project,
    compile_tree,
    compile_version,
)
from cdk_stream.workflow.facts import change_facts
from cdk_stream.workflow.governed import governed_facts
from cdk_stream.workflow.own import bundled, own_policies, settings_at
from cdk_stream.workflow.waivers import waived

Facts = Callable[[Compiled, Compiled], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Version:
    """A project as Git has it."""

    tree: Tree
    commit: str = "HEAD"
    """Where it stands in the history: what was staged comes after HEAD."""


@dataclass(frozen=True, slots=True)
class Operator:
    """What whoever runs the check says; no project has a say in it."""

    engine: Engine | None = None
    """What judges, in place of the engine that the project names."""
    required: tuple[Any, ...] = ()
    """The `RequiredBundle`s that the project must list."""
    consumers: LiveGroups | None = None
    """Who reads topics right now; None when nobody looked."""


NOBODY = Operator()
"""Whoever runs it says nothing."""


def check(
    root: Path,
    base: str | None = None,
    version: Version | None = None,
    operator: Operator | None = None,
) -> Verdict:
    """Compile a folder, compare it with `base` (a Git revision), and ask every policy.

    With `version`, that is judged instead of the files that lie in the folder.
    Raises `Refused` when there is nothing to judge: no project, no such base, no policies.
    """
    compiled = compile_version(root, version.tree) if version else compile_project(root)
    head = compiled.compilation
    repository = find_repository(root) if base else None
    if not head.ok:
        return _verdict(compiled, head.problems)
    problems = list(head.problems)
    against: tuple[str, Compiled | None] | None = None
    if base and repository:
        left = repository.merge_base(base, version.commit if version else "HEAD")
        before: Tree | None = repository.at(left)
        if before is not None and version is not None:
            before = in_environment(before, version.tree)
        against = base_version(before, compiled, problems)
    return judge(root, compiled, against, problems, operator=operator)


def judge(
    root: Path,
    compiled: Compiled,
    against: tuple[str, Compiled | None] | None,
    problems: list[Problem],
    facts: Facts | None = None,
    operator: Operator | None = None,
) -> Verdict:
    """What is to be said of a compiled version, compared with a base: its name and itself.

    `facts` gives what policies see besides of the two. Raises `Refused` as `check` does.
    """
    operator = operator or Operator()
    if operator.required:
        bundled().refuse_unmet(compiled, operator.required)
    changes: tuple[Change, ...] = ()
    reach = Reach()
    judged_by = compiled
    manifest = compiled.manifest
    name = ""
    extra: dict[str, Any] = {}
    if against:
        name, before = against
        judged_by = before or compiled
        earlier = before.manifest if before else Manifest({}, {}, {})
        changes = changes_between(before, compiled)
        reach = trace(changes, earlier, manifest)
        problems += change_problems(before, compiled, changes)
        extra = change_facts(changes, reach)
        extra |= (facts or governed_facts)(before, compiled) if before else {}
    problems += _plugin_problems(compiled, manifest)
    now = datetime.now(UTC)
    text = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    settings = _settings(judged_by, operator)
    if judged_by is not compiled and (compiled.bundles or judged_by.bundles):
        bundled().hold(compiled, judged_by, _own(compiled), settings.engine, root)
    ruling = _judge(judged_by, settings, manifest, {"now": text, **extra}, root)
    waiving = waived(ruling, compiled, judged_by, now.date())
    verdict = _verdict(compiled, problems, manifest, waiving, changes, reach, name)
    told = replace(verdict, policies=ruling.policies)
    if against is None:
        return told
    return advised(told, *against, compiled, operator.consumers if operator else None)


def changes_since(root: Path, base: str, compiled: Compiled) -> tuple[Change, ...]:
    """What differs between a compiled folder and where it left `base`; raises `Usage`."""
    return changes_between(compiled_at(root, base, compiled), compiled)


def manifest_at(root: Path, base: str, compiled: Compiled) -> Manifest:
    """The project where a folder left `base`, empty if it was not there yet; raises `Usage`."""
    before = compiled_at(root, base, compiled)
    return before.manifest if before else Manifest({}, {}, {})


def compiled_at(root: Path, base: str, compiled: Compiled) -> Compiled | None:
    """The project compiled where a folder left `base`, None if it was not there; raises `Usage`."""
    repository = find_repository(root)
    return base_version(repository.at(repository.merge_base(base)), compiled, [])[1]


def base_version(
    tree: Tree | None, head: Compiled, problems: list[Problem]
) -> tuple[str, Compiled | None]:
    """The base compiled from Git objects; None when the project is not in it yet."""
    if tree is None:
        return "a base without the project", None
    before = compile_tree(tree, head.compilation, head.modules)
    errors = [p for p in before.compilation.problems if p.severity is Severity.ERROR]
    if errors:
        message = f"{tree.name} has {len(errors)} errors of its own: {errors[0].message}"
        mend = "what it lacks counts as changed here"
        problems.append(Problem(Location(PROJECT_FILE), "CS308", message, mend, Severity.WARNING))
    return tree.name, before


def _judge(
    judged_by: Compiled,
    settings: PolicySettings,
    manifest: Manifest,
    extra: dict[str, Any],
    root: Path,
) -> Ruling:
    """A change is judged by the policies of its base: nobody loosens a rule by breaking it."""
    bundles = [*_own(judged_by), *(bundle.policies for bundle in judged_by.bundles)]
    rulings = Rulings(bundles, root)
    key = rulings.key(manifest, settings, extra)
    ruling = rulings.recall(key)
    if ruling is None:
        at = settings_at(judged_by.loader)
        ruling = _decide(rulings.document(key, manifest), bundles, settings, extra, root, at)
        rulings.keep(key, ruling)
    return ruling


def _decide(*asked: Any) -> Ruling:
    """`decide`, which is read only when there is something new to judge."""
    ruling: Ruling = importlib.import_module("cdk_stream.stages.decide").decide(*asked)
    return ruling


def _own(compiled: Compiled) -> list[PolicyBundle]:
    """What judges a project besides the bundles that it lists."""
    return [*compiled.plugins.bundles, *own_policies(compiled.loader, compiled.project)]


def _settings(judged_by: Compiled, operator: Operator) -> PolicySettings:
    settings = judged_by.project.policies
    if operator.engine is None:
        return settings
    return settings.model_copy(update={"engine": operator.engine})


def _plugin_problems(compiled: Compiled, manifest: Manifest) -> list[Problem]:
    if not compiled.plugins.check_projects:
        return []
    problems = compiled.plugins.check_project(compiled.project, manifest.mapping())
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise Refused(problems)
    told = {problem.node for problem in problems if not problem.location.line}
    _preload(compiled, manifest, told)
    return [_at_its_node(compiled, manifest, problem) for problem in problems]


def _preload(compiled: Compiled, manifest: Manifest, node_ids: Iterable[str]) -> None:
    """Read the files of nodes at once: one by one, Git is asked as often."""
    paths = {manifest.nodes[name]["path"] for name in node_ids if name in manifest.nodes}
    compiled.loader.preload(sorted(paths))


def _at_its_node(compiled: Compiled, manifest: Manifest, problem: Problem) -> Problem:
    """A plugin knows the file of a node, not the line."""
    if problem.location.line or problem.node not in manifest.nodes:
        return problem
    node = manifest.nodes[problem.node]
    return replace(problem, location=compiled.loader.locate(node["path"], node["pointer"]))


def _verdict(
    compiled: Compiled,
    problems: tuple[Problem, ...] | list[Problem],
    manifest: Manifest | None = None,
    waiving: Waiving | None = None,
    changes: tuple[Change, ...] = (),
    reach: Reach | None = None,
    base: str = "",
) -> Verdict:
    reach = reach or Reach()
    waiving = waiving or Waiving(())
    if manifest is not None:
        told = (*waiving.decisions, *waiving.told, *(one.decision for one in waiving.waived))
        _preload(compiled, manifest, {decision.node for decision in told})
    return Verdict(
        project=compiled.project.name,
        problems=tuple(problems),
        decisions=tuple(
            LocatedDecision(decision, _locate(compiled, manifest, decision))
            for decision in (*waiving.decisions, *waiving.told)
        ),
        waived=tuple(
            replace(one, location=_locate(compiled, manifest, one.decision))
            for one in waiving.waived
        ),
        changes=changes,
        impacts=reach.impacts,
        spared=reach.spared,
        base=base,
        counts=count(compiled.compilation),
        nodes=tuple(compiled.compilation.entries),
    )


def _locate(compiled: Compiled, manifest: Manifest | None, decision: Decision) -> Location:
    if decision.policy == WAIVERS and not decision.node:
        return compiled.loader.locate(WAIVERS_FILE, decision.pointer)
    if manifest is None or decision.node not in manifest.nodes:
        return Location(PROJECT_FILE)
    node = manifest.nodes[decision.node]
    return compiled.loader.locate(node["path"], node["pointer"] + decision.pointer)
