"""`cdk-stream VERB`: picks the verb and imports no other."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from cdk_stream import __version__
from cdk_stream.cli.guard import guarded
from cdk_stream.cli.options import EXIT_CODES, HelpParser
from cdk_stream.problems import Usage, near

VERBS = {
    "init": "make a new project from a template, green at once",
    "check": "compile the project, ask the policies, and say whom a change hits",
    "review": "judge a pull request on a forge: who must approve, who did, may it go in",
    "audit": "tell who approved what, by which policies, for which data",
    "codeowners": "write or check CODEOWNERS for the files that rule the project",
    "compile": "write what the target systems need, and the manifest, under target/",
    "verify": "ask Flink's planner whether it takes what was compiled",
    "state": "keep in Git what running jobs remember, so that changes of it are seen",
    "run": "run models on sample rows, here, and show what they make",
    "test": "run unit tests and assertions on rows, here, and show the rows that break them",
    "explain": "say why a model runs where it runs, and what was made for it",
    "graph": "draw who reads whom",
    "ls": "list the nodes that a selector picks",
    "lineage": "follow a column to where it comes from and where it goes",
    "access": "tell who may read a column, and what somebody may read",
    "policy list": "list the policies that the project is judged by",
    "policy explain": "say what a policy asks for, and with which parameters",
    "policy fetch": "bring the policy bundles that the project pins, for checks without a network",
    "policy new": "write a policy and its test, to start from",
    "policy test": "run the tests that stand beside policies",
    "policy eval": "ask policies, and see which rule fires on which node",
    "policy input": "write the document that policies see, for tests",
    "plan": "say what a deploy would do to the live systems",
    "deploy": "carry out an approved plan, and record it",
    "status": "say how what is deployed fares: what runs, what drifted, who is behind",
    "alerts": "write alert rules for Prometheus: readers, continuous tests, the whole",
    "watch": "act on what continuous tests find: alert, and pause",
    "pause": "let a deployed model and its sinks rest, without losing a row",
    "resume": "let a paused model go on where it stopped",
    "cutover": "say whether a new version of a model may take over, and let the old one go",
    "rollback": "bring the live systems back to an earlier record",
    "destroy": "take an ephemeral environment down",
    "classify": "suggest classes for columns with personal data, by names and sampled values",
    "format": "lay out the project's YAML and SQL; comments and meaning stay",
    "schema": "write the JSON Schema of the project's files, for editors",
    "fetch": "copy schemas of the registry into schemas/, so that compiling needs no network",
    "plugins": "list the plugins that are installed, and which of them the project uses",
}
_ABOUT = """\
cdk-stream is dbt for streaming, governed by Git. A project is a folder with a
stream_project.yml and YAML files that declare sources, models, tests and exposures (the
applications around the streams). cdk-stream compiles it for Kafka, Conduktor Gateway, Flink and
Kafka Connect, holds it against policies, and tells which applications a change hits. It needs no
network and no cluster.
"""
_MORE = f"""\
{EXIT_CODES}

start with:
  cdk-stream check                 is this project fine?
  cdk-stream check --base main     and whom does my branch hit?
  cdk-stream VERB --help           what a verb does, with examples
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is the answer."""
    if argv is None:
        gc.disable()  # a run makes no cycles worth collecting; looking for them costs a fifth of it
    arguments = list(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: _run(arguments), arguments)


def program() -> NoReturn:
    """The program `cdk-stream`; the verbs that many wait for end without tidying up."""
    _open_closed_streams()
    code = main()
    if sys.argv[1:2] in (["check"], ["compile"]):
        leave(code)
    sys.exit(code)


def _open_closed_streams() -> None:
    """What goes to a stream that was closed (`>&-`) is lost; the exit code still tells."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def leave(code: int) -> NoReturn:
    """End the process without tidying up memory, a tenth of a run on a large project."""
    with suppress(OSError, ValueError):  # nobody reads any more; `guarded` has said so
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run(arguments: list[str]) -> int:
    if arguments and not arguments[0].startswith("-"):
        return run_verb(arguments[0], arguments[1:])
    parser = top_parser()
    parser.parse_args(arguments)
    sys.stderr.write(parser.format_help())
    return 2


def run_verb(name: str, arguments: list[str]) -> int:
    """Import the verb's module and run it; a verb may be two words."""
    if arguments and f"{name} {arguments[0]}" in VERBS:
        name, arguments = f"{name} {arguments[0]}", arguments[1:]
    if name not in VERBS:
        raise _no_verb(name, arguments)
    verb = verb_module(name)
    code: int = verb.run(verb_parser(name, verb).parse_args(arguments))
    return code


def _no_verb(name: str, arguments: list[str]) -> Usage:
    family = [verb for verb in VERBS if verb.startswith(f"{name} ")]
    if family and (not arguments or arguments[0].startswith("-")):
        return Usage(f"say which: {', '.join(family)}")
    whole = f"{name} {arguments[0]}" if family else name
    mend = near(whole, VERBS)
    return Usage(f"there is no verb '{whole}'" + (f"\n    {mend}" if mend else ""))


def verb_module(name: str) -> Any:
    """The module of a verb: `policy list` is `cdk_stream.cli.policy_list`."""
    return importlib.import_module(f"cdk_stream.cli.{name.replace(' ', '_')}")


def verb_parser(name: str, verb: Any) -> HelpParser:
    """The parser of a verb, as its module's `ABOUT`, `EXAMPLES` and `configure` say."""
    parser = HelpParser(f"cdk-stream {name}", verb.ABOUT, f"{verb.EXAMPLES}\n{EXIT_CODES}\n")
    verb.configure(parser)
    return parser


def top_parser() -> HelpParser:
    """The parser of `cdk-stream` without a verb."""
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:<{width}} {summary}" for name, summary in VERBS.items())
    parser = HelpParser(
        "cdk-stream", _ABOUT, f"verbs:\n{verbs}\n\n{_MORE}", usage="cdk-stream VERB [OPTIONS]"
    )
    parser.add_argument("--version", action="version", version=f"cdk-stream {__version__}")
    return parser


if __name__ == "__main__":
    program()
