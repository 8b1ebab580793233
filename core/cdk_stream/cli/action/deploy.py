"""`command: deploy`: plan the commit, show the plan, and carry out that one and no other."""

from __future__ import annotations

from contextlib import redirect_stdout
from pathlib import Path

from cdk_stream.cli.action.step import Step, text_only
from cdk_stream.cli.main import main as cdk_stream
from cdk_stream.problems import Usage


def deploy(step: Step) -> int:
    """The plan to the summary; the exit code is that of the deploy."""
    plan, page = f"{step.report}.plan", f"{step.report}.md"
    if not step["ENVIRONMENT"]:
        raise Usage("the input 'environment' says where to deploy, and is empty")
    asked = ["--environment", step["ENVIRONMENT"], "--commit", step.commit, "--out", plan]
    with text_only():
        with open(page, "w", encoding="utf-8") as shown, redirect_stdout(shown):
            code = cdk_stream(["plan", *step.project, *asked, "--format", "markdown", *step.more])
        step.summarise(Path(page).read_text(encoding="utf-8"))
        return code or cdk_stream(["deploy", plan, *step.project])
