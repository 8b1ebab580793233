"""Every statement of the corpus as a model: the planner takes its script, or we refuse it first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from cdk_stream.cli.main import main
from tests.planner.answer import Answer, load_answers
from tests.planner.compare import infer, relations_of
from tests.planner.corpus import FUNCTIONS, TABLES, Case, read_corpus
from tests.real.planner import class_of
from tests.real.stubs import Function, function_jar

TIMES = {"payments": "event_time", "refunds": "refunded_at", "customers": "updated_at",
         "readings": "taken_at"}  # fmt: skip
UPDATED = {"customers": "customer_id", "accounts": "account_id"}
Json = dict[str, Any]


@pytest.fixture
def corpus(tmp_path: Path, flink: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a model for each statement, each in a file of its own."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    functions = [Function(class_of(name), of.returns, of.kind) for name, of in FUNCTIONS.items()]
    jar = function_jar(tmp_path, functions)
    folder = tmp_path / "corpus"
    answers = load_answers()
    write(folder / "stream_project.yml", project(flink["url"], jar, tmp_path))
    write(folder / "sources/all.yml", {"sources": [source(name, answers) for name in TABLES]})
    relations = relations_of(answers)
    for name, case in named().items():
        analysis = infer(case, relations)
        keyed = list(analysis.key) or [column.name for column in analysis.columns[:1]]
        model = {
            "name": name,
            "description": case.key,
            "materialized": "flink_stream",
            "sql": case.model,
            **({"key": keyed} if analysis.changelog != "append" else {}),
        }
        write(folder / f"models/{name}.yml", {"models": [model]})
    return folder


def project(gateway: str, jar: Path, plans: Path) -> Json:
    functions = {
        name: {"returns": of.returns, "class": class_of(name), "jar": str(jar), "kind": of.kind}
        for name, of in FUNCTIONS.items()
    }
    flink = {"sql_gateway": gateway, "version": "2.3", "plan_folder": plans.as_uri()}
    cluster = {"kafka": {"bootstrap_servers": "localhost:1"}, "flink": flink}
    return {
        "name": "corpus",
        "default_cluster": "prod",
        "clusters": {"prod": cluster},
        "functions": functions,
        "default_classification": "internal",
    }


def source(name: str, answers: dict[str, Answer]) -> Json:
    columns = [
        {"name": column, "type": type_.replace("`", ""), "nullable": nullable}
        for column, type_, nullable in answers[f"table: {name}"].columns
    ]
    found: Json = {"name": name, "type": "kafka_topic", "topic": name, "columns": columns}
    found["format"] = "debezium_json" if name in UPDATED else "json"
    if name in UPDATED:
        found["key"] = UPDATED[name]
    if name in TIMES:
        found["event_time"] = {"column": TIMES[name], "watermark": "5 seconds"}
    return found


def write(path: Path, document: Json) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def test_what_is_generated_is_taken(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = take_out_refused(corpus, capsys)
    assert refused <= {name for name, case in named().items() if is_wrong(case)}
    main(["verify", "--format", "json", "--project-dir", str(corpus)])
    document = json.loads(capsys.readouterr().out)
    errors = [problem for problem in document["problems"] if problem["severity"] == "error"]
    assert not errors
    assert len(document["asked"]) == len(named()) - len(refused) >= 250


def named() -> dict[str, Case]:
    """Model -> its statement."""
    return {f"m{number:03}": case for number, case in enumerate(read_corpus())}


def is_wrong(case: Case) -> bool:
    """Whether the planner refuses it as well, or its key has no name to be written by."""
    answer = load_answers()[case.key]
    return bool(answer.refusal) or answer.columns[0][0].startswith("EXPR$")


def take_out_refused(corpus: Path, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The models that the compiler refuses; the rest of the project is left."""
    main(["compile", "--format", "json", "--project-dir", str(corpus)])
    paths = {
        problem["location"]["path"]
        for problem in json.loads(capsys.readouterr().out)["problems"]
        if problem["severity"] == "error"
    }
    for path in paths:
        (corpus / path).unlink()
    return {Path(path).stem for path in paths}
