"""`cdk-stream classify` on a real project, as a user runs it; the how-to shows the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cdk_stream import yaml
from cdk_stream.classify import identifiers
from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "classify-personal-data.md"
SAMPLES = re.search(r'title="samples/customers_cdc.jsonl"\n(.*?)```', PAGE.read_text(), re.S)
SOURCE = "sources/customers_cdc.yml"
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, two of whose columns nobody classified."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "repository" / "fraud"
    shutil.copytree(
        ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target", "samples")
    )
    monkeypatch.chdir(folder)
    text = (folder / SOURCE).read_text(encoding="utf-8")
    text = text.replace("classification: sensitive, tags: [email], ", "")
    text = re.sub(r"      - \{ name: national_id, .*\n", "", text)
    text = re.sub(r"    security:\n(?:      .*\n?)+", "", text)
    (folder / SOURCE).write_text(text, encoding="utf-8")
    return folder


def add_samples(folder: Path) -> None:
    assert SAMPLES is not None
    (folder / "samples").mkdir()
    (folder / "samples" / "customers_cdc.jsonl").write_text(SAMPLES[1], encoding="utf-8")


def suggested(capsys: Shown, *arguments: str) -> dict[str, tuple[str, float]]:
    assert main(["classify", "--format", "json", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)["suggestions"]
    return {one["column"]: (one["classification"], one["confidence"]) for one in found}


def test_the_how_to_shows_what_is_said(project: Path, capsys: Shown) -> None:
    add_samples(project)
    assert main(["classify"]) == 0
    real = capsys.readouterr().out.rstrip("\n")
    block = re.compile(r"^(```text\n)(.*?)(^```)$", re.M | re.S)
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("CDK_STREAM_WRITE"):
        page = block.sub(lambda match: f"{match[1]}{real}\n{match[3]}", page, count=1)
        PAGE.write_text(page, encoding="utf-8")
    shown = block.search(page)
    assert shown and shown[2] == f"{real}\n"


def test_names_alone_are_less_sure(project: Path, capsys: Shown) -> None:
    assert suggested(capsys) == {
        "customer_email": ("sensitive", 0.9),
        "national_id": ("highly_sensitive", 0.9),
    }
    assert suggested(capsys, "--confidence", "0.95") == {}
    add_samples(project)
    assert suggested(capsys, "--confidence", "0.95").keys() == {"customer_email", "national_id"}


def test_written_once_and_then_fine(project: Path, capsys: Shown) -> None:
    before = (project / SOURCE).read_text(encoding="utf-8").splitlines()
    assert main(["classify", "--write", "--check"]) == 1
    assert f"written: {SOURCE}" in capsys.readouterr().out
    after = (project / SOURCE).read_text(encoding="utf-8").splitlines()
    assert [line for line in before if line not in after] == [
        "      - { name: customer_email, description: How to reach the customer }"
    ]
    assert main(["classify", "--check"]) == 0
    assert capsys.readouterr().out == "0 columns to classify\n"
    columns = yaml.load("\n".join(after).encode(), SOURCE)["sources"][0]["columns"]
    assert columns[-1] == {
        "name": "national_id",
        "classification": "highly_sensitive",
        "tags": ["national_id"],
    }


@pytest.mark.parametrize("top", [".", ".."])
def test_the_patch_is_one_for_git(project: Path, capsys: Shown, top: str) -> None:
    subprocess.run(["git", "init", "--quiet", top], cwd=project, check=True)
    assert main(["classify", "--format", "patch"]) == 0
    patch = capsys.readouterr().out.encode()
    subprocess.run(["git", "apply", "--check", "-"], cwd=project, input=patch, check=True)
    subprocess.run(["git", "apply", "-"], cwd=project, input=patch, check=True)
    assert main(["classify", "--check"]) == 0


def test_samples_may_be_csv_and_lie_elsewhere(project: Path, capsys: Shown, tmp_path: Path) -> None:
    rows = ["id;kyc_status", "1;a@b.fr", "2;c@d.fr", "3;e@f.fr"]
    (tmp_path / "customers_cdc.csv").write_text("\n".join(rows), encoding="utf-8")
    found = suggested(capsys, "--samples", str(tmp_path))
    assert found["kyc_status"] == ("sensitive", 0.99)


def test_a_class_that_its_author_chose_is_told_and_not_changed(
    project: Path, capsys: Shown, tmp_path: Path
) -> None:
    (tmp_path / "crm.customers.cdc.csv").write_text("risk_band\na@b.fr\nc@d.fr\ne@f.fr\n")
    assert main(["classify", "--samples", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "risk_band: sensitive, email, now confidential, as its author wrote" in said
    patch = said.partition("--- a/")[2].splitlines()
    assert not [line for line in patch if "risk_band" in line and line[0] in "+-"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("customers_cdc.jsonl", "{", "'customers_cdc.jsonl' is not JSON Lines"),
        ("customers_cdc.jsonl", "[1]\n", "a line is not an object"),
        ("customers_cdc.csv", 'a\n"b', "'customers_cdc.csv' is not CSV"),
    ],
)
def test_a_file_that_is_no_sample_is_told(
    project: Path, capsys: Shown, tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).write_text(content)
    assert main(["classify", "--samples", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told(project: Path, capsys: Shown) -> None:
    assert main(["classify", "--samples", "nowhere"]) == 2
    assert "there is no folder 'nowhere'" in capsys.readouterr().err


def test_without_the_libraries_it_says_what_it_did_not_look_for(
    project: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_samples(project)
    monkeypatch.setattr(identifiers, "_phones", lambda: None)
    monkeypatch.setattr(identifiers, "_checkers", dict)
    assert main(["classify"]) == 0
    said = capsys.readouterr().out
    assert "pip install 'cdk-stream[classify]'" in said
    assert "national_id: highly_sensitive, national_id (90%: 'national_id' in its name)" in said
