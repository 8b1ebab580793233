"""What a policy answered -> decisions; an answer of another shape is an error of the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from cdk_stream.policy.check import Policy
from cdk_stream.problems import Location, Problem, Severity, near
from cdk_stream.results.decision import Decision, Effect

_TEXTS = ("msg", "node", "column", "pointer", "remediation")
_LISTS = {"columns": "columns", "approvers": "owners"}
_KEYS = (*_TEXTS, *_LISTS)
_EFFECTS: dict[str, Effect] = {effect: effect for effect in get_args(Effect)}


def decisions(
    policy: Policy, rule: str, answers: Any, level: str, problems: list[Problem]
) -> Iterator[Decision]:
    """The findings of one rule at `level` (`deny` or `warn`); CS711 goes to `problems`."""
    if not isinstance(answers, list):
        problems.append(_malformed(policy, rule, "its answers are not a set"))
        return
    for answer in answers:
        wrong = _wrong(answer, rule)
        if wrong:
            problems.append(_malformed(policy, rule, *wrong))
        else:
            found = {"msg": answer} if isinstance(answer, str) else answer
            yield _decision(policy, _EFFECTS["warn" if level == "warn" else rule], found)


def _wrong(answer: Any, rule: str) -> tuple[str, str] | None:
    if isinstance(answer, str):
        answer = {"msg": answer}
    if not isinstance(answer, dict):
        return "a finding is neither text nor an object", ""
    for key in answer:
        if key not in _KEYS:
            return f"a finding has no key '{key}'", near(key, _KEYS)
    if not answer.get("msg"):
        return "a finding has no 'msg'", ""
    for key in _TEXTS:
        if not isinstance(answer.get(key, ""), str):
            return f"'{key}' of a finding is not text", ""
    for key, of in _LISTS.items():
        if not isinstance(names := answer.get(key, []), list) or not _are_texts(names):
            return f"'{key}' of a finding is not a list of {of}", ""
    if rule == "require_approval" and not answer.get("approvers"):
        return "a required approval names no 'approvers'", ""
    return None


def _are_texts(names: list[Any]) -> bool:
    return all(isinstance(name, str) for name in names)


def _malformed(policy: Policy, rule: str, message: str, mend: str = "") -> Problem:
    mend = mend or "write text, or an object with msg and optionally " + ", ".join(_KEYS[1:])
    what = f"policy '{policy.metadata.id}', rule '{rule}': {message}"
    return Problem(Location(policy.path), "CS711", what, mend)


def _decision(policy: Policy, effect: Effect, found: dict[str, Any]) -> Decision:
    metadata = policy.metadata
    column = found.get("column", "")
    columns = tuple(sorted({*found.get("columns", ()), *([column] if column else ())}))
    return Decision(
        policy=metadata.id,
        effect=effect,
        message=found["msg"],
        node=found.get("node", ""),
        column=columns[0] if len(columns) == 1 else "",
        columns=columns,
        pointer=found.get("pointer", ""),
        remediation=found.get("remediation", "") or metadata.remediation,
        title=metadata.title,
        docs=metadata.docs,
        approvers=tuple(sorted(set(found.get("approvers", ())))),
        severity=Severity.ERROR if effect == "deny" else Severity.WARNING,
    )
