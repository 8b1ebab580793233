"""Before a commit that changes Rego: the tests that stand beside policies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_stream.cli.main import run_verb
from cdk_stream.git.projects import Holdings, staged_holdings
from cdk_stream.policy.bundle import TEST_SUFFIX
from cdk_stream.problems import Usage
from cdk_stream_hooks.hook import each, hook, projects_of


def main(argv: Sequence[str] | None = None) -> int:
    """1 when a test fails; `argv` goes to `cdk-stream policy test`, and may name a folder."""
    return hook(_test, argv)


def _test(arguments: list[str]) -> int:
    if arguments and not arguments[0].startswith("-"):
        return run_verb("policy", ["test", *arguments])
    staged = staged_holdings(Path.cwd())
    tested = [project for project in projects_of(staged) if _has_tests(staged, project)]
    if not tested:
        raise Usage(
            "no project has tests of policies\n"
            f"    write NAME{TEST_SUFFIX} beside the policy, as `cdk-stream policy new` does"
        )
    return each("policy", staged.top, tested, arguments, "test")


def _has_tests(staged: Holdings, project: str) -> bool:
    return any(path.endswith(TEST_SUFFIX) for path in staged.under(project))
