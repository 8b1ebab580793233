"""A judged pull request -> the record of the decision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cdk_stream import __version__
from cdk_stream.report.data import plain_data
from cdk_stream.report.frame import Frame
from cdk_stream.report.json import document
from cdk_stream.results.approval import Approvals
from cdk_stream.results.evidence import FORMAT, Record, digest
from cdk_stream.results.review import Subject
from cdk_stream.tree import WAIVERS_FILE
from cdk_stream.workflow.case import Case
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.own import own_policies

Json = dict[str, Any]


def record(subject: Subject, case: Case, approvals: Approvals, now: datetime) -> Record:
    """Everything that the decision rests on; nothing in it depends on the machine."""
    moment = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    verdict = document(case.verdict, Frame())
    verdict.pop("format", None)
    return Record(
        {
            "format": FORMAT,
            "time": moment,
            "tool": {"name": "cdk-stream", "version": __version__},
            "project": case.verdict.project,
            "subject": {**plain_data(subject), "context": subject.context},
            "inputs": _inputs(case),
            "verdict": verdict,
            "data": _data(approvals),
            "approvals": plain_data(approvals),
            "state": approvals.gate.state,
        }
    )


def _inputs(case: Case) -> Json:
    """Digests of what was compiled and of what it was judged by.

    A manifest holds the digest of every artefact, so that its own stands for them all.
    """
    rules = case.before or case.after
    found: Json = {"governed": list(case.governed)}
    for name, side in (("base", case.before), ("head", case.after)):
        if side is not None and side.compilation.ok:
            manifest = side.manifest
            found[name] = {
                "manifest": hashlib.sha256(manifest.document()).hexdigest(),
                "waivers": side.loader.blobs.get(WAIVERS_FILE, ""),
            }
    if case.after is not None and case.after.compilation.ok:
        nodes = case.after.manifest.nodes
        changed = [one.node for one in case.verdict.changes if one.node in nodes]
        found["changed_artifacts"] = _artifacts(case.after, changed)
    if rules is not None:
        found["policies"] = _policies(rules)
        found["settings"] = digest(rules.project.policies.model_dump(mode="json"))
        found["owners"] = {name: list(owner.github) for name, owner in rules.project.owners.items()}
        found["governance"] = rules.project.governance.model_dump(mode="json")
    return found


def _artifacts(compiled: Compiled, nodes: Iterable[str]) -> Mapping[str, str]:
    """File under the target folder -> digest."""
    known = compiled.manifest.nodes
    return {
        str(item["file"]): str(item["digest"])
        for node in nodes
        for item in known[node].get("artifacts", ())
    }


def _policies(compiled: Compiled) -> Mapping[str, str]:
    """File of Rego -> the sha256 of its text, those of the project and those of plugins."""
    bundles = [*compiled.plugins.bundles, *own_policies(compiled.loader, compiled.project)]
    return {
        path: hashlib.sha256(text.encode()).hexdigest()
        for bundle in bundles
        for path, text in bundle.modules.items()
    }


def _data(approvals: Approvals) -> list[Json]:
    """For which data each owner was asked, and who agreed."""
    return [
        {
            "owner": standing.requirement.owner,
            "ground": reason.ground,
            "policy": reason.policy,
            "node": reason.node,
            "category": reason.category,
            "columns": list(reason.columns),
            "classifications": list(reason.classifications),
            "files": list(reason.files),
            "approved_by": [vote.login for vote in standing.approvals],
        }
        for standing in approvals.standings
        for reason in standing.requirement.reasons
    ]
