"""Every verb on a real project, as a user runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from cdk_stream import yaml
from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example project, current folder, in no repository, with nothing remembered."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def branch(project: Path) -> Path:
    """The project on a branch that removes a column which others read."""
    _git(project, "init", "--quiet", "--initial-branch=main")
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", "--message", "base")
    _replace(project / "models/card_payments_clean.yml", "'AUTHORIZED', 'CAPTURED'", "'CAPTURED'")
    return project


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=folder, check=True)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _break(project: Path) -> None:
    _replace(project / "models/card_payments_clean.yml", "status,", "statsu,")


def test_check_passes(project: Path, capsys: Shown) -> None:
    assert main(["check"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("project fraud passed")
    assert "2 sources, 4 models" in shown.out and shown.err == ""


def test_check_refuses_with_file_and_line(project: Path, capsys: Shown) -> None:
    _break(project)
    assert main(["check"]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("project fraud refused: 2 errors")
    assert "models/card_payments_clean.yml:" in shown.out and "'status'?" in shown.out
    assert shown.err == ""


def test_check_shows_paths_that_open_from_here(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    _break(project)
    monkeypatch.chdir(project.parent)
    assert main(["check", "--project-dir", "fraud"]) == 1
    assert "\nfraud/models/card_payments_clean.yml:" in capsys.readouterr().out


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "github", "sarif", "junit"])
def test_a_project_that_does_not_load_gets_its_format_too(
    project: Path, format_: str, capsys: Shown
) -> None:
    (project / "stream_project.yml").write_text("name: [\n")
    assert main(["check", "--format", format_]) == 1
    shown = capsys.readouterr()
    assert "CS101" in shown.out and shown.err == ""
    if format_ in ("json", "sarif"):
        json.loads(shown.out)
    if format_ == "junit":
        assert ElementTree.fromstring(shown.out).get("failures") == "1"


def test_check_against_a_base_names_who_is_hit(branch: Path, capsys: Shown) -> None:
    assert main(["check", "--base", "main", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [change["node"] for change in found["changes"] if not change["inherited"]] == [
        "model.card_payments_clean"
    ]
    hit = {impact["exposure"]: impact for impact in found["impacts"]}
    assert hit["exposure.fraud_scoring_service"]["owner"] == "team-fraud"
    assert hit["exposure.fraud_scoring_service"]["path"][0] == "model.card_payments_clean"


@pytest.mark.parametrize("base", ["", "nowhere", "-x"])
def test_a_base_that_is_not_there_is_usage(branch: Path, base: str, capsys: Shown) -> None:
    assert main(["check", f"--base={base}"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("cdk-stream: ")


def test_check_into_a_file(project: Path, capsys: Shown) -> None:
    assert main(["check", "--format", "sarif", "--output", "out/check.sarif"]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err[:20]) == ("", "project fraud passed")
    assert json.loads((project / "out/check.sarif").read_text())["version"] == "2.1.0"


def test_compile_writes_the_target(project: Path, capsys: Shown) -> None:
    assert main(["compile"]) == 0
    first = capsys.readouterr().out
    manifest = json.loads((project / "target/manifest.json").read_text())
    files = [
        item["file"] for node in manifest["nodes"].values() for item in node.get("artifacts", ())
    ]
    assert files and all((project / "target" / file).is_file() for file in files)
    assert f"{len(files)} artefacts under target/" in first


def test_compile_again_says_the_same(project: Path, capsys: Shown) -> None:
    shown = []
    for arguments in (["compile"], ["compile"], ["compile", "--full-refresh"]):
        assert main(arguments) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] == shown[2]


def test_compile_as_data(project: Path, capsys: Shown) -> None:
    assert main(["compile", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["format"], found["passed"]) == ("cdk-stream/compilation@1", True)
    assert found["counts"]["sources"] == 2 and found["target"] == "target"


def test_compile_refuses(project: Path, capsys: Shown) -> None:
    _break(project)
    assert main(["compile"]) == 1
    shown = capsys.readouterr().out
    assert "\nmodels/card_payments_clean.yml:" in shown
    assert "\nproject fraud refused, 2 errors" in shown
    assert not (project / "target").exists()


def test_explain_says_who_refused_and_why(project: Path, capsys: Shown) -> None:
    assert main(["explain", "card_payments_clean"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "model.card_payments_clean runs on proxy as virtual_topic, on prod-eu\n"
    )
    assert "\n  proxy offers at cost " in shown and "\nmakes\n" in shown


def test_explain_as_data(project: Path, capsys: Shown) -> None:
    assert main(["explain", "card_payments_fraud_events", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["format"], found["backend"]) == ("cdk-stream/explanation@1", "flink")
    assert [answer["backend"] for answer in found["answers"] if answer["offers"]] == ["flink"]


def test_explain_works_for_a_model_with_errors(project: Path, capsys: Shown) -> None:
    _break(project)
    assert main(["explain", "card_payments_clean"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("model.card_payments_clean runs nowhere\n")
    assert "\nsays\nmodels/card_payments_clean.yml:" in shown


def test_graph_as_data_names_nodes_and_edges(project: Path, capsys: Shown) -> None:
    assert main(["graph", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    ids = {node["id"] for node in found["nodes"]}
    assert {"source.card_payments_raw", "exposure.payments_api"} <= ids
    assert {"from": "exposure.payments_api", "to": "source.card_payments_raw"} in found["edges"]


@pytest.mark.parametrize(
    ("format_", "start"), [("text", ""), ("mermaid", "flowchart LR\n"), ("dot", "digraph ")]
)
def test_graph_draws(project: Path, format_: str, start: str, capsys: Shown) -> None:
    assert main(["graph", "card_payments_clean+", "--format", format_]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(start) and "card_payments_clean" in shown
    assert "card_payments_raw" not in shown


def test_ls_lists_parents_first(project: Path, capsys: Shown) -> None:
    assert main(["ls", "+card_payments_clean"]) == 0
    listed = capsys.readouterr().out.split()
    assert listed.index("source.card_payments_raw") < listed.index("model.card_payments_clean")
    assert listed[0] == "exposure.payments_api"


def test_ls_of_what_changed(branch: Path, capsys: Shown) -> None:
    assert main(["ls", "state:modified", "--base", "main"]) == 0
    assert capsys.readouterr().out == "model.card_payments_clean\n"


def test_ls_of_nothing_says_so(project: Path, capsys: Shown) -> None:
    assert main(["ls", "card_payments_clean", "--exclude", "card_payments_clean"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "" and "selects nothing" in shown.err


@pytest.mark.parametrize(
    "arguments", [["ls", "card_payments_claen"], ["ls", "state:modified"], ["graph", "tag:"]]
)
def test_a_selector_for_nothing_known_is_usage(
    project: Path, arguments: list[str], capsys: Shown
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("verb", ["ls", "graph", "lineage"])
def test_a_broken_project_has_nothing_to_list(project: Path, verb: str, capsys: Shown) -> None:
    _break(project)
    column = ["card_payments_clean.status"] if verb == "lineage" else []
    assert main([verb, *column]) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("models/card_payments_clean.yml:")


def test_lineage_reaches_both_ends(project: Path, capsys: Shown) -> None:
    assert main(["lineage", "card_payments_fraud_events.decision"]) == 0
    shown = capsys.readouterr().out
    comes, _, goes = shown.partition("\ngoes to\n")
    assert "source.card_payments_raw.amount_cents" in comes
    assert "exposure.fraud_analyst_dashboard" in goes


def test_schema_writes_two_files(project: Path, capsys: Shown) -> None:
    assert main(["schema"]) == 0
    names = ["stream_project.schema.json", "resources.schema.json", "waivers.schema.json"]
    paths = [project / "target" / "schema" / name for name in names]
    assert capsys.readouterr().out.split() == [path.as_posix() for path in paths]
    data = yaml.load((project / "stream_project.yml").read_bytes(), "stream_project.yml")
    jsonschema.Draft202012Validator(json.loads(paths[0].read_text())).validate(data)


def test_plugins_marks_what_the_project_uses(project: Path, capsys: Shown) -> None:
    assert main(["plugins", "--format", "json"]) == 0
    found = {item["name"]: item for item in json.loads(capsys.readouterr().out)["plugins"]}
    assert found["flink"]["used"] and found["flink"]["module"].startswith("cdk_stream_flink")
    assert found["proxy"]["distribution"] == "cdk-stream"


def test_plugins_names_a_missing_one(project: Path, capsys: Shown) -> None:
    with (project / "stream_project.yml").open("a") as file:
        file.write("plugins: [flnik]\n")
    assert main(["plugins"]) == 1
    assert "there is no plugin named 'flnik'\n    did you mean 'flink'?" in capsys.readouterr().err


def test_compiling_the_same_again_loads_no_compiler(project: Path) -> None:
    heavy = ("pydantic", "sqlglot", "yaml", "pluggy", "cdk_stream.workflow")
    script = (
        "import sys; from cdk_stream.cli.main import main; code = main(['compile'])\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)"
    )
    command = [sys.executable, "-c", script]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert first.stderr == f"{list(heavy)}\n"
    assert second.stderr == "[]\n"
    assert second.stdout == first.stdout
