"""`cdk-stream policy eval`: what policies say, for those who write them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.cli.options import add_engine, add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.cli.policy_input import add_moment
from cdk_stream.cli.policy_shelf import ENGINES, add_policies, chosen_policies, shelf_of
from cdk_stream.policy.check import Policy
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError, RegoEngine
from cdk_stream.policy.level import parameters
from cdk_stream.policy.trace import PolicyTrace, RuleTrace, trace
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.report.words import plural
from cdk_stream.stages.decide import judge
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.judgement import document
from cdk_stream.workflow.policies import Shelf

FORMATS = ("text", "json")
ABOUT = """\
Ask policies about the project, or about a document that `policy input` wrote, and show what they
find. Unlike check, nothing is refused for what they find, waivers do not count, and policies that
the project has switched off are asked when they are named.

--trace shows each rule by itself: where it stands, which nodes it fired on, and how long its
policy took.
"""
EXAMPLES = f"""\
examples:
  cdk-stream policy eval
  cdk-stream policy eval --policy residency --trace
  cdk-stream policy eval --input policies/fixtures/fraud.json --engine opa

{ENGINES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_policies(parser)
    add_moment(parser)
    parser.add_argument("--input", metavar="FILE", help="judge this document, not the project")
    parser.add_argument("--trace", action="store_true", help="rule by rule, with the time")
    add_engine(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the findings, or the trace; refuses faulty policies and a failing engine."""
    shelf = shelf_of(arguments)
    engine, known = shelf.load()
    shelf = replace(shelf, settings=shelf.standing(known)[0])
    policies = chosen_policies(known, arguments.policy)
    text = _document(arguments)
    try:
        found = _found(arguments, shelf, engine, policies, text)
    except EngineError as error:
        where = Location(error.path or PROJECT_FILE, error.line, error.column)
        raise Refused([Problem(where, "CS710", error.message)]) from error
    if arguments.format == "json":
        write(orjson.dumps(found, option=OPTIONS).decode())
    else:
        write("\n".join(_lines(found)) + "\n")
    return 0


def _document(arguments: argparse.Namespace) -> bytes:
    if arguments.input is None:
        root = project_root(arguments.project_dir)
        return document(root, arguments.base, arguments.now).text
    try:
        text = Path(arguments.input).read_bytes()
        if not isinstance(orjson.loads(text), dict):
            raise Usage(f"'{arguments.input}' holds no document")
    except OSError as error:
        raise Usage(f"'{arguments.input}' cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Usage(f"'{arguments.input}' is not JSON: {error}") from error
    return text


def _found(
    arguments: argparse.Namespace,
    shelf: Shelf,
    engine: RegoEngine,
    policies: list[Policy],
    text: bytes,
) -> dict[str, Any]:
    """What was found, as plain data."""
    about = {"format": "cdk-stream/policy-findings@1", "engine": f"{engine.name} {engine.version}"}
    if arguments.trace:
        again = engine_for(shelf.settings.engine, shelf.root)
        data = {"params": parameters(shelf.load()[1], shelf.settings)}
        traces = trace(policies, engine, again, text, data)
        return {**about, "policies": [_told(found) for found in traces]}
    asked = shelf.settings.model_copy(
        update={"levels": {} if arguments.policy else shelf.settings.levels}
    )
    ruling = judge(engine, policies, asked, text)
    findings = [
        {
            "policy": decision.policy,
            "effect": decision.effect,
            "message": decision.message,
            **{k: v for k in ("node", "column", "pointer") if (v := getattr(decision, k))},
            **({"approvers": list(decision.approvers)} if decision.approvers else {}),
        }
        for decision in ruling.decisions
    ]
    return {**about, "asked": list(ruling.policies), "findings": findings}


def _told(found: PolicyTrace) -> dict[str, Any]:
    return {
        "policy": found.policy.metadata.id,
        "milliseconds": round(found.milliseconds, 3),
        "rules": [_rule(found.policy, rule) for rule in found.rules],
    }


def _rule(policy: Policy, rule: RuleTrace) -> dict[str, Any]:
    findings = [one if isinstance(one, dict) else {"msg": str(one)} for one in rule.findings]
    where = {"file": policy.path, "line": rule.line}
    return {"rule": rule.rule, **where, "fired": len(findings), "findings": findings}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if "policies" in found:
        yield from _traced(found)
        return
    for one in found["findings"]:
        where = one.get("node", "project") + (f".{one['column']}" if "column" in one else "")
        yield f"{one['effect']:<16} {one['policy']:<18} {plain(where)}: {plain(one['message'])}"
    counted = plural(len(found["findings"]), "finding")
    yield f"{counted} of {plural(len(found['asked']), 'policy')}, by {found['engine']}"


def _traced(found: dict[str, Any]) -> Iterator[str]:
    for policy in found["policies"]:
        yield f"{policy['policy']}  {policy['milliseconds']:.1f} ms"
        for rule in policy["rules"]:
            where = f"{rule['file']}:{rule['line']}"
            fired = f"fired {plural(rule['fired'], 'time')}" if rule["fired"] else "did not fire"
            yield f"  {where}  {rule['rule']} {fired}"
            for finding in rule["findings"]:
                node = plain(str(finding.get("node", "project")))
                yield f"    {node}: {plain(str(finding.get('msg', '')))}"
    yield f"by {found['engine']}"
