"""`command: check`: what a pull request changes, hits and breaks; it needs no token."""

from __future__ import annotations

from pathlib import Path

from cdk_stream.cli.action.step import Step, exposures, read_json
from cdk_stream.cli.main import main as cdk_stream


def check(step: Step) -> int:
    """Annotations to the log, the page to the summary, the verdict to the report."""
    page = f"{step.report}.md"
    options = ["--format", "github" if step["ANNOTATIONS"] != "false" else "text"]
    options += ["--also", f"json={step.report}", "--also", f"markdown={page}"]
    if step["SARIF_FILE"]:
        options += ["--also", f"sarif={step['SARIF_FILE']}"]
    if step["BASE"]:
        options += ["--base", step["BASE"]]
    if step["FAIL_ON"] == "warning":
        options.append("--strict")
    code = cdk_stream(["check", *step.project, *options, *step.more])
    verdict = read_json(step.report)
    if verdict:
        impacts = verdict.get("impacts") or ()
        step.answer(
            decision=verdict["outcome"],
            impacted_exposures=exposures(impact["exposure"] for impact in impacts),
            required_owners=sorted(verdict["approvers"]),
            report_path=step.report,
        )
        step.summarise(Path(page).read_text(encoding="utf-8"))
    return code
