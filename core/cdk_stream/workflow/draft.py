"""A site -> the plan that brings its live systems to what the project says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cdk_stream.deployment.journal import Progress, progress
from cdk_stream.deployment.step import Work
from cdk_stream.plugin.live import systems_by_name
from cdk_stream.plugin.store import State, StoreFailed
from cdk_stream.plugin.system import Live, Wanted
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.plan import Key, Plan
from cdk_stream.stages.observe import observe
from cdk_stream.stages.plan import Question, make_plan
from cdk_stream.stages.plan.judge import UNDECIDED, Choices
from cdk_stream.stages.plan.order import Order, kind_ranks
from cdk_stream.stages.want import want
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.ancestry import refuse_older
from cdk_stream.workflow.inherit import inherit
from cdk_stream.workflow.site import Site, store_problem


@dataclass(slots=True)
class Draft:
    """A plan, and all that it was made of."""

    plan: Plan
    state: State
    progress: Progress
    wanted: Mapping[Key, Wanted]
    live: Mapping[Key, Live]
    order: Order

    def works(self, site: Site) -> list[Work]:
        """What it takes to carry out each writing step."""
        systems = systems_by_name(site.systems)
        commit = site.place.commit
        return [
            Work(
                step,
                systems[step.key.system, step.key.cluster],
                self.wanted.get(step.key),
                self.live.get(step.key),
                self.progress.resources.get(step.key),
                self.order.needs(step.key) if step.key in self.wanted else (),
                self.order.rank(step.node),
                commit,
            )
            for step in self.plan.writes
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a plan is to be made."""

    choices: Choices = UNDECIDED
    purpose: Literal["", "rollback", "destroy"] = ""
    """rollback: an older commit than the deployed one; destroy: nothing is wanted any more."""


PLAIN = Asked()


def draft(site: Site, asked: Asked) -> Draft:
    """Look at the record and at every live system, and plan; raises `Refused`."""
    state = load(site)
    known = progress(state)
    place, record = site.place, state.record
    if not asked.purpose and record is not None:
        strict = place.environment.protected or record.protected
        refuse_older(place.root, record.commit, place.commit, strict=strict)
    manifest = Manifest({}, {}, {}) if asked.purpose == "destroy" else site.compiled.manifest
    artifacts = site.compiled.compilation.artifacts
    clusters = {item["cluster"] for node in manifest.nodes.values() for item in _made(node)}
    site.connect({*clusters, *(key.cluster for key in known.resources)})
    _refuse_unreachable(site, known)
    held = {(system.cluster, kind): system for system in site.systems for kind in system.kinds}
    wanted = want(manifest, artifacts, held, known.resources)
    wanted = inherit(site, wanted, known.resources, record.commit if record else "")
    specs = {key: one.spec for key, one in known.resources.items()}
    live = observe(site.systems, wanted.values(), specs)
    order = Order(wanted, manifest.parents, kind_ranks(site.systems))
    question = Question(
        site.project_name,
        place.name,
        place.commit,
        record.commit if record else "",
        record.serial if record else 0,
        asked.choices,
        site.project.deploy.allow_deletion,
        asked.purpose,
    )
    plan = make_plan(question, wanted, known.resources, live, site.systems, order)
    return Draft(plan, state, known, wanted, live, order)


def load(site: Site) -> State:
    """The record and the journal of this environment; raises `Refused` (CS836)."""
    try:
        state = site.store.load()
    except StoreFailed as failure:
        raise Refused([store_problem(failure)]) from None
    record, ours = state.record, (site.project_name, site.place.name)
    if record is not None and (record.project, record.environment) != ours:
        message = (
            f"{site.store.where} holds the record of environment '{record.environment}' of project "
            f"'{record.project}'"
        )
        mend = "name another place under `deploy: state:`, one for each environment"
        raise Refused([store_problem(StoreFailed(message, mend))])
    return state


def _made(node: Mapping[str, list[Mapping[str, str]]]) -> list[Mapping[str, str]]:
    return node.get("artifacts", [])


def _refuse_unreachable(site: Site, known: Progress) -> None:
    """What is recorded may need to go, and its system must be there for that."""
    there = systems_by_name(site.systems)
    lost = [key for key in known.resources if (key.system, key.cluster) not in there]
    if lost:
        message = f"'{lost[0]}' is deployed, and the project does not say where its system is"
        mend = f"keep `clusters: {lost[0].cluster}:` until nothing of it is deployed any more"
        raise Refused([Problem(Location(PROJECT_FILE), "CS831", message, mend)])
