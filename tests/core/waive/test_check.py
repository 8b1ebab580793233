"""`waivers.yml` on a real project, as a user runs it; the how-to shows the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "waive-a-finding.md").read_text(encoding="utf-8")
WAIVERS, LIMITS = (
    match[1] for match in re.finditer(r'^```yaml title="[^"]+"\n(.*?)^```$', PAGE, re.M | re.S)
)
SHOWN = re.search(r"^```text\n(.*?)^```$", PAGE, re.M | re.S)
TODAY = datetime.now(UTC).date()
Shown = pytest.CaptureFixture[str]


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).isoformat()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example with a column that nobody classified."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    source = folder / "sources/customers_cdc.yml"
    text = source.read_text(encoding="utf-8")
    line = "name: risk_band, classification: confidential,"
    assert line in text
    source.write_text(text.replace(line, "name: risk_band,"), encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def commit(folder: Path) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "base")


def write(folder: Path, expires: str, **changes: str) -> None:
    text = WAIVERS.replace("2026-12-31", expires)
    for key, value in changes.items():
        text = re.sub(rf"^( +{key}:) .*$", rf"\1 {value}", text, count=1, flags=re.M)
    (folder / "waivers.yml").write_text(text, encoding="utf-8")


def verdict(capsys: Shown, *arguments: str) -> dict[str, Any]:
    code = main(["check", "--format", "json", *arguments])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code == (0 if found["passed"] else 1)
    return found


def told(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["policy"], one["effect"], one["message"]) for one in found["decisions"]]


def test_what_the_how_to_shows(project: Path, capsys: Shown) -> None:
    assert main(["check"]) == 1
    capsys.readouterr()
    write(project, day(30))
    assert main(["check"]) == 0
    shown = capsys.readouterr().out
    assert SHOWN is not None
    assert SHOWN[1].replace("2026-12-31", day(30)) in shown
    assert shown.splitlines()[0].endswith("1 waived")


def test_an_expired_one_is_a_denial_at_its_line(project: Path, capsys: Shown) -> None:
    write(project, day(-3))
    found = verdict(capsys)
    assert ("waivers", "deny", "waiver 'W1' expired 3 days ago") in told(found)
    assert len(found["decisions"]) == 2 and found["waived"] == []
    (place,) = (one["location"] for one in found["decisions"] if one["policy"] == "waivers")
    assert (place["path"], place["line"]) == ("waivers.yml", 10)


def test_the_project_sets_the_limits(project: Path, capsys: Shown) -> None:
    with (project / "stream_project.yml").open("a") as file:
        file.write(f"\n{LIMITS}")
    write(project, day(31))
    assert ("waivers", "deny", "waiver 'W1' lasts 31 days, more than 30") in told(verdict(capsys))


def test_a_mistake_in_the_file_is_told_at_its_line(project: Path, capsys: Shown) -> None:
    write(project, "soon")
    assert main(["check"]) == 1
    assert (
        "waivers.yml:10:5: CS113 'soon' is not a day such as 2026-12-31" in capsys.readouterr().out
    )


def test_a_link_is_not_followed(project: Path, capsys: Shown) -> None:
    write(project, day(30))
    (project / "waivers.yml").rename(project / "elsewhere.yml")
    (project / "waivers.yml").symlink_to("elsewhere.yml")
    assert main(["check"]) == 1
    assert "waivers.yml: CS104 a symbolic link is not followed" in capsys.readouterr().out


def test_waivers_of_the_base_count(project: Path, capsys: Shown) -> None:
    write(project, day(30))
    commit(project)
    found = verdict(capsys, "--base", "main")
    assert (found["outcome"], len(found["waived"])) == ("passed", 1)


def test_a_change_does_not_excuse_itself(project: Path, capsys: Shown) -> None:
    commit(project)
    write(project, day(30))
    found = verdict(capsys, "--base", "main")
    assert (found["outcome"], found["approvers"]) == ("needs_approval", ["platform"])
    assert found["waived"] == []


def test_nor_does_it_lengthen_its_excuse(project: Path, capsys: Shown) -> None:
    write(project, day(30))
    commit(project)
    write(project, day(60))
    assert verdict(capsys, "--base", "main")["outcome"] == "needs_approval"


def test_without_owners_of_the_rules_it_stays_denied(project: Path, capsys: Shown) -> None:
    path = project / "stream_project.yml"
    path.write_text(path.read_text().replace("owners: [platform]", "owners: []"))
    commit(project)
    write(project, day(30))
    assert verdict(capsys, "--base", "main")["outcome"] == "refused"


def test_a_removed_one_does_not_count(project: Path, capsys: Shown) -> None:
    write(project, day(30))
    commit(project)
    (project / "waivers.yml").unlink()
    assert verdict(capsys, "--base", "main")["outcome"] == "refused"
