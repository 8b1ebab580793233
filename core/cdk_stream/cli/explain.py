"""`cdk-stream explain`: why a node runs where it runs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import orjson

from cdk_stream.cli.names import find_node
from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here
from cdk_stream.plugin.backend import Offer, Refusal
from cdk_stream.problems import Problem
from cdk_stream.report.data import problem_document
from cdk_stream.report.finding import problem_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.text import problem_lines
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.expansion import Borrowed
from cdk_stream.workflow import compile as workflow

Json = dict[str, Any]

FORMATS = ("text", "json")
ABOUT = """\
Tell why a model runs where it runs. Every backend that could make it is asked: it offers, with
what running it costs, or it refuses, with the reason; the cheapest offer wins. What was made for
the model and what the backends have to say about it follow. Works for sources, tests and
exposures as well, which are not placed.
"""
EXAMPLES = """\
examples:
  cdk-stream explain payments_clean
  cdk-stream explain source.payments_raw --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("node", metavar="MODEL", help="a name, or an id such as model.payments")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the explanation; 1 when the node has errors."""
    root = project_root(arguments.project_dir)
    compiled = workflow.compile_project(root, full_refresh=True)  # reused nodes keep no answers
    node_id = find_node(compiled.compilation.entries, arguments.node)
    declaration = compiled.bench.declaration(node_id)
    explanation = explain(compiled.compilation, node_id, declaration.borrowed or {})
    if arguments.format == "json":
        write(orjson.dumps(explanation, option=OPTIONS).decode())
    else:
        frame = Frame(prefix=from_here(root), colour=colour_wanted())
        problems = _problems(compiled.compilation, node_id)
        write("\n".join([*_lines(explanation), *_said(problems, frame)]) + "\n")
    return 0 if explanation["compiled"] else 1


def explain(compilation: Compilation, node_id: str, borrowed: Borrowed) -> Json:
    """Everything known about where a node runs, as plain data.

    `borrowed` says what of it comes from templates and macros.
    """
    node = orjson.loads(compilation.entries[node_id].fragment.content())
    problems = _problems(compilation, node_id)
    placement = compilation.placements.get(node_id)
    answers = [_answer(name, answer) for name, answer in placement.answers] if placement else []
    placed = {key: node[key] for key in ("backend", "materialized", "cluster") if node.get(key)}
    return {
        "format": "cdk-stream/explanation@1",
        "node": node_id,
        "compiled": all(problem.severity.value != "error" for problem in problems),
        **placed,
        "answers": answers,
        "expanded": [
            {"from": name, "item": _item(node, pointer)} for pointer, (_, name) in borrowed.items()
        ],
        "artifacts": node.get("artifacts", []),
        "problems": [problem_document(problem) for problem in problems],
    }


def _item(node: Json, pointer: str) -> Any:
    """What the manifest has at a place."""
    found: Any = node
    for step in pointer.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def _problems(compilation: Compilation, node_id: str) -> list[Problem]:
    return [problem for problem in compilation.problems if problem.node == node_id]


def _answer(backend: str, answer: Offer | Refusal) -> Json:
    if isinstance(answer, Offer):
        return {"backend": backend, "offers": True, "cost": answer.cost, "why": answer.why}
    return {"backend": backend, "offers": False, "why": answer.reason, "mend": answer.mend}


def _lines(explanation: Json) -> Iterator[str]:
    node, backend = explanation["node"], explanation.get("backend")
    if backend:
        cluster = explanation.get("cluster", "no cluster")
        yield f"{node} runs on {backend} as {explanation['materialized']}, on {cluster}"
    elif node.startswith("model."):
        yield f"{node} runs nowhere"
    else:
        yield f"{node} is not placed: only models are"
    if explanation["answers"]:
        yield "\nasked"
        yield from (_answer_line(answer, backend) for answer in explanation["answers"])
    if explanation["expanded"]:
        yield "\ngets from templates and macros"
    for one in explanation["expanded"]:
        yield f"  {one['from']}  {orjson.dumps(one['item']).decode()}"
    yield "\nmakes" if explanation["artifacts"] else "\nmakes nothing"
    for artifact in explanation["artifacts"]:
        yield f"  {artifact['kind']} {artifact['name']}  target/{artifact['file']}"


def _answer_line(answer: Json, backend: str | None) -> str:
    if not answer["offers"]:
        mend = f"\n      {answer['mend']}" if answer["mend"] else ""
        return f"  {answer['backend']} refuses: {answer['why']}{mend}"
    taken = ", and is the cheapest" if answer["backend"] == backend else ""
    why = f", because {answer['why']}" if answer["why"] else ""
    return f"  {answer['backend']} offers at cost {answer['cost']}{taken}{why}"


def _said(problems: list[Problem], frame: Frame) -> list[str]:
    if not problems:
        return []
    return ["", "says", *problem_lines(problem_findings(problems, frame), frame)]
