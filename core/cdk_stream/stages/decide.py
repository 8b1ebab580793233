"""The compiled project -> what every policy says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.policy.answer import decisions
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import Policy
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError, RegoEngine
from cdk_stream.policy.laid import standing
from cdk_stream.policy.level import At, in_project, level, parameters
from cdk_stream.policy.remembered import recalled
from cdk_stream.problems import Location, Problem, Refused, refuse_errors
from cdk_stream.resources.project import PolicySettings
from cdk_stream.results.decision import Decision, Ruling

_ORDER = {"deny": 0, "require_approval": 1, "warn": 2}


def decide(
    manifest_json: bytes,
    bundles: Sequence[PolicyBundle],
    settings: PolicySettings,
    extra: Mapping[str, Any],
    root: Path | None = None,
    at: At = in_project,
) -> Ruling:
    """What the policies of `bundles` find, asked on the engine that `settings` name.

    `manifest_json` is `Manifest.document()`, or as much of it as the policies see; `extra` holds
    the members `now`, `changes` and `impact` that the input has besides. Raises `Refused` (CS7xx
    of docs/codes.md) for faulty policies and settings, and whenever the engine gives no answer:
    never an empty verdict. `at`
    finds the lines of settings.
    """
    try:
        engine = engine_for(settings.engine, root or Path())
        policies = recalled(bundles, engine, root)
        settings, laid = standing(policies, settings, bundles, at)
        ruling = judge(engine, policies, settings, input_document(manifest_json, extra))
        return replace(ruling, unwaivable=laid.unwaivable)
    except EngineError as error:
        where = Location(error.path or "stream_project.yml", error.line, error.column)
        message = f"the policies could not be evaluated: {error.message}"
        raise Refused([Problem(where, "CS710", message)]) from error


def input_document(manifest: bytes, extra: Mapping[str, Any]) -> bytes:
    """The manifest with `extra` as further members, put in as bytes: it may be many megabytes."""
    if not extra:
        return manifest
    members = orjson.dumps(dict(extra), option=orjson.OPT_SORT_KEYS)[:-1]
    return members + b"," + manifest.lstrip()[1:]


def judge(
    engine: RegoEngine,
    policies: Sequence[Policy],
    settings: PolicySettings,
    document: bytes,
) -> Ruling:
    """What `policies`, which `engine` has read, say of a document; raises `EngineError` too."""
    asked = [
        (policy, entry, strictness)
        for policy in policies
        if (strictness := level(policy, settings)) != "off"
        for entry in policy.entries
    ]
    if not asked:
        mend = "leave at least one policy at `deny` or `warn` under `policies: levels:`"
        raise Refused(
            [Problem(Location("stream_project.yml"), "CS703", "every policy is switched off", mend)]
        )
    entries = [entry for _, entry, _ in asked]
    data = {"params": parameters(policies, settings)}
    answers = engine.evaluate(document, data, entries)
    problems: list[Problem] = []
    found = {
        decision
        for (policy, entry, strictness), answer in zip(asked, answers, strict=True)
        for decision in decisions(policy, entry.rule, answer, strictness, problems)
    }
    refuse_errors(problems)
    ids = sorted({policy.metadata.id for policy, _, _ in asked})
    return Ruling(tuple(sorted(found, key=_place)), tuple(ids))


def _place(decision: Decision) -> tuple[Any, ...]:
    return (
        _ORDER[decision.effect],
        decision.policy,
        decision.node,
        decision.column,
        decision.pointer,
        decision.message,
        decision.approvers,
    )
