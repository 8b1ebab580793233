"""A verdict as a JUnit report: a test case for each node that compiles and each policy asked."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from cdk_stream.report.finding import Finding, findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.results.verdict import Verdict


def render(verdict: Verdict, frame: Frame) -> str:
    """JUnit XML with a suite `compile` and a suite for each policy."""
    found = (*findings(verdict, frame), *waived_findings(verdict, frame))
    suites = [_compile(verdict, [finding for finding in found if not finding.policy])]
    names = sorted({*verdict.policies, *(finding.rule for finding in found if finding.policy)})
    suites += [
        _policy(name, [finding for finding in found if finding.policy and finding.rule == name])
        for name in names
    ]
    root = ElementTree.Element("testsuites", name=plain(verdict.project))
    root.extend(suites)
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _compile(verdict: Verdict, found: list[Finding]) -> ElementTree.Element:
    by_case: dict[str, list[Finding]] = {plain(node): [] for node in verdict.nodes}
    for finding in found:
        by_case.setdefault(finding.node or finding.location.path, []).append(finding)
    cases = [_case("compile", name, told) for name, told in sorted(by_case.items())]
    return _suite("compile", cases or [_case("compile", "project", [])])


def _policy(name: str, found: list[Finding]) -> ElementTree.Element:
    by_case: dict[str, list[Finding]] = {}
    for finding in found:
        target = ".".join(filter(None, (finding.node, finding.column))) or "project"
        by_case.setdefault(target, []).append(finding)
    cases = [_case(f"policy.{name}", target, told) for target, told in sorted(by_case.items())]
    return _suite(f"policy.{name}", cases or [_case(f"policy.{name}", "project", [])])


def _suite(name: str, cases: Iterable[ElementTree.Element]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=plain(name))
    suite.extend(cases)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in suite)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in suite)))
    return suite


def _case(suite: str, name: str, found: list[Finding]) -> ElementTree.Element:
    """Errors are failures of one element, as the format wants; the rest is output of the case."""
    case = ElementTree.Element("testcase", classname=plain(suite), name=name, time="0")
    errors = [finding for finding in found if finding.level == "error"]
    waived = [] if errors else [finding for finding in found if finding.waiver]
    others = [finding for finding in found if finding not in errors and finding not in waived]
    for finding in found[:1]:
        case.set("file", finding.location.path)
        if finding.location.line:
            case.set("line", str(finding.location.line))
    if errors:
        failure = ElementTree.SubElement(case, "failure", type=errors[0].rule)
        failure.set("message", errors[0].message)
        failure.text = "\n".join(map(_told, errors))
    elif waived:
        skipped = ElementTree.SubElement(case, "skipped")
        skipped.set("message", f"{waived[0].message}; {waived[0].waiver}")
        skipped.text = "\n".join(map(_told, waived))
    if others:
        ElementTree.SubElement(case, "system-out").text = "\n".join(map(_told, others))
    return case


def _told(finding: Finding) -> str:
    lines = [f"{finding.location}: {finding.level}: {finding.rule} {finding.message}"]
    if finding.approvers:
        lines.append(f"    to be approved by {', '.join(finding.approvers)}")
    if finding.waiver:
        lines.append(f"    {finding.waiver}")
    elif finding.mend:
        lines += [f"    {line}" for line in plain_lines(finding.mend)]
    return "\n".join(lines)
