"""The planner accepts every script that is generated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdk_stream_flink.sql_gateway import Session, open_session
from cdk_stream_flink.statement import split_statements
from tests.real.planner import describe
from tests.real.projects import PROJECTS, compiled
from tests.real.stubs import Function, add_messages, function_jar

GOLDEN = Path(__file__).parents[1] / "plugins" / "flink" / "golden"
FUNCTIONS = [
    Function("com.acme.fraud.FraudScore", "DOUBLE"),
    Function("com.acme.FraudScore", "DOUBLE"),
]
MESSAGES = ["com.acme.Device"]
_JAR = re.compile(r"(?<=USING JAR ')[^']+")


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stubs")
    add_messages(folder, MESSAGES)
    return function_jar(folder, FUNCTIONS)


@pytest.mark.parametrize("project", PROJECTS)
def test_every_job_of_a_project_is_planned(
    project: str, flink: dict[str, str], functions: Path, tmp_path: Path
) -> None:
    scripts = sorted(compiled(project, tmp_path).rglob("flink_job/*.sql"))
    assert scripts
    for number, path in enumerate(scripts):
        plan(flink["url"], path.read_text(), functions, tmp_path / f"plan-{number}.json")


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.sql")))
def test_every_golden_script_is_planned(
    name: str, flink: dict[str, str], functions: Path, tmp_path: Path
) -> None:
    plan(
        flink["url"],
        (GOLDEN / f"{name}.sql").read_text(),
        functions,
        tmp_path / "plan.json",
        inferred=False,
    )


def plan(gateway: str, script: str, functions: Path, file: Path, *, inferred: bool = True) -> None:
    """Run the script as it stands, but plan its INSERT instead of starting it."""
    *before, insert = split_statements(_JAR.sub(str(functions), script))
    assert insert.startswith("INSERT INTO")
    with open_session(gateway) as session:
        for statement in before:
            session.execute(statement)
        session.execute(f"EXPLAIN {insert}")
        if inferred:
            _assert_same_rows(session, insert)
        session.execute(f"COMPILE PLAN '{file.as_uri()}' FOR {insert}")
    assert file.stat().st_size


def _assert_same_rows(session: Session, insert: str) -> None:
    """The table is declared with just the rows that the planner sees in the query."""
    head, _, body = insert.partition("\n")
    table = head.split("`")[1]
    query = body.rpartition("\nON CONFLICT")[0] or body
    session.execute(f"CREATE TEMPORARY VIEW `query rows` AS {query}")
    written, made = describe(session, table).columns, describe(session, "query rows").columns
    assert [_stored(*column) for column in made] == [_stored(*column) for column in written]


def _stored(name: str, type_: str, nullable: bool) -> tuple[str, str, bool]:
    # Avro knows no other time than TIMESTAMP.
    return name, type_.replace("TIMESTAMP_LTZ", "TIMESTAMP"), nullable
