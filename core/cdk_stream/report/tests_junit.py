"""What came of tests as a JUnit report: a suite for each kind of them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.tests import difference_lines
from cdk_stream.results.outcome import Outcome

_SUITES = {"unit": "unit tests", "assertion": "assertions", "comparison": "comparison"}


def render(project: str, outcomes: Sequence[Outcome]) -> str:
    """JUnit XML; what only warns is a skipped case, and what is wrong stands in it."""
    root = ElementTree.Element("testsuites", name=plain(project))
    for kind, name in _SUITES.items():
        cases = [one for one in outcomes if one.kind == kind]
        if cases:
            root.append(_suite(name, cases))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _suite(name: str, outcomes: Sequence[Outcome]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=name)
    suite.extend(_case(one) for one in outcomes)
    suite.set("tests", str(len(suite)))
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(tag) is not None for case in suite)))
    suite.set("time", f"{sum(one.seconds for one in outcomes):.4f}")
    return suite


def _case(one: Outcome) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=plain(one.node), name=plain(one.name))
    case.set("time", f"{one.seconds:.4f}")
    case.set("file", plain(one.location.path))
    if one.location.line:
        case.set("line", str(one.location.line))
    if one.status == "passed":
        return case
    tag = {"failed": "failure" if one.fails else "skipped", "refused": "error"}
    told = ElementTree.SubElement(case, tag.get(one.status, "skipped"))
    if told.tag != "skipped":
        told.set("type", one.problems[0].code if one.problems else one.kind)
    lines = _lines(one)
    told.set("message", lines[0] if lines else "")
    told.text = "\n".join(lines)
    return case


def _lines(one: Outcome) -> list[str]:
    lines = [line for text in (one.message, one.mend) if text for line in plain_lines(text)]
    for problem in one.problems:
        lines += plain_lines(str(problem))
    return [*lines, *(line.removeprefix("      ") for line in difference_lines(one.difference))]
