"""Jobs for other targets, by what those publish and by Flink itself."""

from __future__ import annotations

import contextlib
import json
import re
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from cdk_stream_flink.sql_gateway import Session
from tests.real.application import application
from tests.real.engines.jars import assemble
from tests.real.rest import send
from tests.real.stubs import Function, function_jar

GOLDEN = Path(__file__).parents[1] / "plugins" / "flink" / "targets" / "golden"
KINDS = {"flink_deployment": "flinkdeployments", "flink_session_job": "flinksessionjobs"}


@pytest.mark.parametrize("kind", KINDS)
def test_resources_fit_the_operators_own_definitions(kind: str) -> None:
    schema = published(KINDS[kind])
    files = list(GOLDEN.glob(f"{kind}.*.json"))
    assert files
    for path in files:
        jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text()))


def test_a_misspelt_key_would_be_noticed() -> None:
    (path,) = GOLDEN.glob("flink_deployment.*.json")
    document = json.loads(path.read_text())
    document["spec"]["job"]["upgrademode"] = document["spec"]["job"].pop("upgradeMode")
    with pytest.raises(jsonschema.ValidationError, match="upgrademode"):
        jsonschema.Draft202012Validator(published("flinkdeployments")).validate(document)


def test_a_deployments_job_runs_as_an_application(tmp_path: Path) -> None:
    (path,) = GOLDEN.glob("flink_deployment.*.json")
    (held,) = GOLDEN.glob("config_map.*.json")
    job = json.loads(path.read_text())["spec"]["job"]
    ((file, script),) = json.loads(held.read_text())["data"].items()
    (tmp_path / file).write_text(script)
    option, address = job["args"]
    assert address.endswith(f"/{file}")
    with application(tmp_path, job["entryClass"], [option, (tmp_path / file).as_uri()]) as url:
        assert names_of_jobs(url) == ["shop.customer_spend"]


def test_statements_of_confluent_cloud_are_planned(session: Session, tmp_path: Path) -> None:
    """By Flink itself, which is handed connectors where the Cloud has tables of its own."""
    jar = function_jar(tmp_path, [Function("com.acme.Score", "DOUBLE")])
    function = re.sub("'confluent-artifact:[^']*'", f"'{jar}'", statement("function-SCORE"))
    table = statement("scored-table").partition("\nDISTRIBUTED BY")[0]
    for text in (
        "CREATE TABLE `shop.orders.v1` (`id` STRING NOT NULL, `product` STRING,"
        " `cents` BIGINT NOT NULL, `at` TIMESTAMP_LTZ(3) NOT NULL,"
        " WATERMARK FOR `at` AS `at`) WITH ('connector' = 'datagen')",  # as any table has there
        statement("orders-watermark"),
        function,
        f"{table} WITH ('connector' = 'blackhole')",
        f"EXPLAIN {statement('scored-insert')}",
    ):
        session.execute(text)
    times = [row[0] for row in session.execute("DESCRIBE `shop.orders.v1`").rows if row[5]]
    assert times == ["at"]


def statement(name: str) -> str:
    document = json.loads((GOLDEN / f"flink_statement.{name}.json").read_text())
    return str(document["spec"]["statement"])


def names_of_jobs(url: str) -> list[str]:
    """Once there are some."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, KeyError):
            jobs = send("GET", f"{url}/jobs/overview")["jobs"]
            if jobs:
                return [job["name"] for job in jobs]
        time.sleep(0.5)
    return []


def published(plural: str) -> Any:
    """The schema that the operator's release brings, closed: Kubernetes drops what it has not."""
    folder = assemble("operator") / "META-INF" / "fabric8"
    text = (folder / f"{plural}.flink.apache.org-v1.yml").read_text(encoding="utf-8")
    (version,) = yaml.load(text, Loader=yaml.CSafeLoader)["spec"]["versions"]
    schema = version["schema"]["openAPIV3Schema"]
    releases = schema["properties"]["spec"]["properties"].get("flinkVersion", {})
    releases.pop("enum", None)  # this release of the operator is older than Flink 2.1
    schema["properties"] |= {"apiVersion": {"const": "flink.apache.org/v1beta1"}, "kind": {}}
    schema["properties"]["metadata"] = {"type": "object"}
    return _closed(schema)


def _closed(schema: Any) -> Any:
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            _closed(value)
    return schema
