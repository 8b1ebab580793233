"""pre-commit installs this repository from Git and runs its hooks, as in a stranger's repository.

Needs the package index, and half a minute for the one installation.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "examples" / "fraud"
CLEAN = "models/card_payments_clean.yml"
PAGE = (ROOT / "docs" / "how-to" / "use-the-hooks.md").read_text(encoding="utf-8")
FEW, ALL = re.findall(r"^```yaml[^\n]*\n(.*?)^```$", PAGE, re.M | re.S)
PUBLISHED = re.compile(r"repo: (\S+)\n    rev: (\S+)")
RULE = """\
# METADATA
# scope: package
# title: Names are short
# description: Names of models are short
# custom:
#   id: short_names
#   severity: error
#   remediation: shorten it
package stream.rules.short_names

deny contains finding if {
	some id, node in input.nodes
	count(node.name) > 60
	finding := {"node": id, "msg": "its name is long"}
}
"""
TEST = """\
package stream.rules.short_names_test

import data.stream.rules.short_names

test_a_short_name if {
	count(short_names.deny) == 1 with input as {"nodes": {"model.a": {"name": "a"}}}
}
"""


@dataclass(frozen=True)
class Developer:
    """Somebody with a repository, and what they say to Git."""

    top: Path
    environment: dict[str, str]

    def run(self, *command: str, expect: int = 0) -> str:
        done = subprocess.run(
            command,
            cwd=self.top,
            env=self.environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == expect, done.stdout
        return done.stdout

    def git(self, *arguments: str, expect: int = 0) -> str:
        return self.run("git", *arguments, expect=expect)

    def commit(self, *arguments: str, expect: int = 0) -> str:
        return self.git("commit", "-q", "-m", "a change", *arguments, expect=expect)

    def pre_commit(self, *arguments: str, expect: int = 0) -> str:
        return self.run(sys.executable, "-m", "pre_commit", *arguments, expect=expect)

    def configure(self, shown: str, published: str) -> None:
        """Take a configuration of the page, with the tool from here."""
        text = PUBLISHED.sub(published, shown)
        (self.top / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")

    def edit(self, path: str, before: str, after: str) -> None:
        text = (self.top / path).read_text(encoding="utf-8")
        assert before in text
        (self.top / path).write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which pre-commit installs into a folder of its own."""
    folder = tmp_path_factory.mktemp("pre-commit")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT"))}
    roles = [f"GIT_{role}" for role in ("AUTHOR", "COMMITTER")]
    who = {f"{role}_{part}": "dev@example.com" for role in roles for part in ("NAME", "EMAIL")}
    own = {
        "CDK_STREAM_CACHE": str(folder / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_COLOR": "never",
        "PRE_COMMIT_HOME": str(folder / "home"),
    }
    return kept | who | own


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, home: dict[str, str]) -> str:
    """Where a configuration finds the tool as it lies here, whether it is committed or not."""
    tool = Developer(tmp_path_factory.mktemp("tool") / "cdk-stream", home)
    listed = subprocess.run(
        ("git", "ls-files", "-z", "-co", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for path in filter(None, listed):
        if (ROOT / path).is_file() and not path.startswith("tests/"):
            (tool.top / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, tool.top / path)
    tool.git("init", "-q")
    tool.git("add", "-A")
    tool.commit()
    rev = tool.git("rev-parse", "HEAD").strip()
    return f"repo: {tool.top}\n    rev: {rev}"


@pytest.fixture
def developer(tmp_path: Path, home: dict[str, str], published: str) -> Developer:
    """A repository with two projects in folders, a remote, and the hooks installed."""
    someone = Developer(tmp_path / "repo", home)
    for team in ("fraud", "risk"):
        folder = someone.top / "teams" / team
        shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("target"))
    someone.configure(ALL, published)
    someone.git("init", "-q", "-b", "main")
    someone.git("add", "-A")
    someone.pre_commit("install", "--install-hooks")
    someone.commit()
    someone.git("init", "-q", "--bare", "-b", "main", "../remote.git")
    someone.git("remote", "add", "origin", "../remote.git")
    someone.git("push", "-q", "-u", "origin", "main")
    return someone


FRAUD, RISK = "teams/fraud", "teams/risk"


def test_a_good_commit_goes_in_and_a_bad_one_does_not(developer: Developer) -> None:
    developer.edit(f"{FRAUD}/{CLEAN}", "models:", "# looked at\nmodels:")
    developer.commit("-a")
    developer.edit(f"{FRAUD}/{CLEAN}", "payment_id,", "payment_idd,")
    said = developer.commit("-a", expect=1)
    assert f"\n{FRAUD}/{CLEAN}:15:9: CS411 " in said


def test_five_lines_are_enough(developer: Developer, published: str) -> None:
    developer.configure(FEW, published)
    assert "check streaming projects" in developer.pre_commit("run", "--all-files")
    developer.edit(f"{RISK}/{CLEAN}", "payment_id,", "payment_idd,")
    developer.git("add", "-A")
    assert f"\n{RISK}/{CLEAN}:14:9: CS411 " in developer.pre_commit("run", expect=1)


def test_a_commit_that_only_deletes_is_looked_at(developer: Developer) -> None:
    developer.git("rm", "-q", f"{RISK}/{CLEAN}")
    assert f"\n{RISK}/models/card_payments_fraud_events.yml:" in developer.commit(expect=1)


def test_a_partly_staged_change_is_judged_by_what_is_staged(developer: Developer) -> None:
    developer.edit(f"{FRAUD}/{CLEAN}", "models:", "# looked at\nmodels:")
    developer.git("add", "-A")
    developer.edit(f"{FRAUD}/{CLEAN}", "payment_id,", "payment_idd,")
    developer.commit()
    developer.git("add", "-A")
    developer.edit(f"{FRAUD}/{CLEAN}", "payment_idd,", "payment_id,")
    developer.commit(expect=1)


def test_a_commit_of_one_path_leaves_out_the_rest(developer: Developer) -> None:
    developer.edit(f"{FRAUD}/{CLEAN}", "payment_id,", "payment_idd,")
    (developer.top / "README.md").write_text("# top\n", encoding="utf-8")
    developer.git("add", "-A")
    developer.commit("--", "README.md")


def test_files_are_laid_out_and_must_be_staged_again(developer: Developer) -> None:
    path = f"{RISK}/{CLEAN}"
    developer.edit(path, "SELECT", "select")
    said = developer.commit("-a", expect=1)
    assert "files were modified by this hook" in said and f"{path}: formatted" in said
    assert "SELECT" in (developer.top / path).read_text(encoding="utf-8")
    developer.edit(path, "models:", "# looked at\nmodels:")
    developer.commit("-a")


def test_policies_are_tested_when_rego_changes(developer: Developer) -> None:
    folder = developer.top / RISK / "policies"
    folder.mkdir()
    (folder / "short_names.rego").write_text(RULE, encoding="utf-8")
    (folder / "short_names_test.rego").write_text(TEST, encoding="utf-8")
    developer.git("add", "-A")
    said = developer.commit(expect=1)
    assert f"\n{RISK}/policies/short_names_test.rego:5:1: " in said
    (folder / "short_names_test.rego").write_text(TEST.replace("== 1", "== 0"), encoding="utf-8")
    developer.git("add", "-A")
    developer.commit()


def test_a_push_tells_whom_it_hits(developer: Developer) -> None:
    developer.edit(f"{FRAUD}/{CLEAN}", "status IN ('", "status IN ('X', '")
    developer.commit("-a")
    said = developer.git("push", "origin", "HEAD:refs/heads/change")
    assert "impact: " in said and "fraud_scoring_service" in said and "compared with" in said


def test_classes_are_suggested_by_hand(developer: Developer) -> None:
    developer.edit(
        f"{FRAUD}/sources/customers_cdc.yml", "classification: sensitive, tags: [email], ", ""
    )
    developer.git("add", "-A")
    said = developer.pre_commit("run", "--hook-stage", "manual", "cdk-stream-classify", expect=1)
    assert "customer_email: sensitive" in said


def test_a_repository_without_a_project_is_told_so(developer: Developer) -> None:
    developer.git("rm", "-qr", "teams")
    assert "no stream_project.yml is staged or committed" in developer.commit(expect=1)
