"""A verdict in SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any
from urllib.parse import quote

import orjson

from cdk_stream import __version__
from cdk_stream.report.finding import Finding, Level, findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.results.verdict import Verdict

Json = dict[str, Any]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_LEVEL: dict[Level, str] = {
    "error": "error",
    "warning": "warning",
    "approval": "warning",
    "note": "note",
}


def render(verdict: Verdict, frame: Frame) -> str:
    """A SARIF log with one run; paths are relative to the repository."""
    found = (*findings(verdict, frame), *waived_findings(verdict, frame))
    names = sorted({finding.rule for finding in found})
    ids = {name: index for index, name in enumerate(names)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": _driver(found, names)},
        "automationDetails": {"id": f"cdk-stream/{quote(plain(verdict.project))}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(finding, ids[finding.rule], seen) for finding in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=_OPTIONS).decode()


def _driver(found: tuple[Finding, ...], names: list[str]) -> Json:
    first = {finding.rule: finding for finding in reversed(found)}
    return {
        "name": "cdk-stream",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(first[name]) for name in names],
    }


def _rule(finding: Finding) -> Json:
    rule: Json = {
        "id": finding.rule,
        "defaultConfiguration": {"level": _LEVEL[finding.level]},
        "properties": {"tags": ["policy" if finding.policy else "project"]},
    }
    if finding.title:
        rule["shortDescription"] = {"text": finding.title}
    if finding.policy and finding.mend:
        rule["help"] = {"text": "\n".join(plain_lines(finding.mend))}
    if finding.docs.startswith(("https://", "http://")):
        rule["helpUri"] = quote(finding.docs, safe=":/?#[]@!$&'()*+,;=%")
    return rule


def _result(finding: Finding, index: int, seen: Counter[str]) -> Json:
    text = finding.message
    if finding.approvers:
        text += f"\nto be approved by {', '.join(finding.approvers)}"
    if finding.mend:
        text += "\n" + "\n".join(plain_lines(finding.mend))
    location: Json = {"physicalLocation": _physical(finding)}
    if finding.node:
        name = f"{finding.node}.{finding.column}" if finding.column else finding.node
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "resource"}]
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVEL[finding.level],
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"cdkStreamFinding/v1": _fingerprint(finding, seen)},
    }
    if finding.waiver:
        accepted = {"kind": "external", "status": "accepted", "justification": finding.waiver}
        result["suppressions"] = [accepted]
    return result


def _physical(finding: Finding) -> Json:
    place = finding.location
    region = {"startLine": place.line or 1}  # code scanning shows nothing without a line
    if place.column:
        region["startColumn"] = place.column
    return {
        "artifactLocation": {"uri": quote(place.path), "uriBaseId": "%SRCROOT%"},
        "region": region,
    }


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """The same for the same finding wherever its line moves to; equal ones are counted."""
    what = (finding.rule, finding.node or finding.location.path, finding.column, finding.message)
    digest = hashlib.blake2b("\0".join(what).encode(), digest_size=16).hexdigest()
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"
