"""Topics -> the consumer groups that read them right now, without the project's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cdk_stream.plugin.account import job_account
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.problems import Location, Problem
from cdk_stream.results.plan import Key, Plan
from cdk_stream.results.record import Record
from cdk_stream.stages.plan.judge import chosen
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.site import Site


def live_readers(site: Site, topics: Iterable[Key], gone: Collection[str] = ()) -> tuple[str, ...]:
    """Groups that read, or have offsets and may come back; raises `SystemFailed`.

    `gone` are known never to come back, unless one of them has members.
    """
    names = {(key.cluster, key.name) for key in topics}
    own = (job_account(site.project.name, ""), f"connect-{site.project.name}.")
    found: set[str] = set()
    for cluster in sorted({cluster for cluster, _ in names}):
        for one in site.plugins.observe_consumers(site.project, cluster, site.secrets):
            if (cluster, one.topic) not in names or one.group.startswith(own):
                continue
            if one.members or one.group not in gone:
                found.add(one.group)
    return tuple(sorted(found))


def still_read(site: Site, plan: Plan, last: Record | None, delete: Iterable[str]) -> list[Problem]:
    """Errors (CS848) for topics that a cutover let go and that somebody reads again.

    Not for those that are to be deleted by name: `delete` are patterns of their ids.
    """
    problems = []
    for step in plan.writes:
        recorded = last.resources.get(step.key) if last else None
        if step.action != "delete" or recorded is None or not recorded.retired:
            continue
        if step.key.kind != "topic" or chosen(step.key, delete):
            continue
        try:
            groups = live_readers(site, [step.key], recorded.retired.get("gone", ()))
        except SystemFailed as failure:
            message = f"whether somebody reads '{step.id}' is not known: {failure}"
            problems.append(Problem(Location(PROJECT_FILE), "CS848", message, failure.mend))
            continue
        if groups:
            message = f"'{step.id}' was to go, and is read again by {', '.join(groups)}"
            mend = f"move them, or delete it with what it holds: --delete {step.id}"
            problems.append(Problem(Location(PROJECT_FILE), "CS848", message, mend, node=step.node))
    return problems
