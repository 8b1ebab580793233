"""A job as resources of the Flink Kubernetes Operator."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.resources.flink import Flink
from cdk_stream.results.stream import Stream
from cdk_stream_flink.backend import FlinkBackend
from tests.plugins.flink.conftest import CLUSTER, make_job, make_project
from tests.plugins.flink.targets.forms import Same, assert_valid, document

FLINK = FlinkBackend()
SAVEPOINTS = {"execution.checkpointing.savepoint-dir": "s3://acme/savepoints"}
IMAGE = "registry.acme.test/flink:2.2-kafka"
RUNNER = "https://repo.acme.test/sql-runner.jar"


def make_spend(payments: Stream, **keys: Any) -> Stream:
    return make_job(
        "customer_spend",
        "customer_id STRING!, total BIGINT",
        [payments],
        "SELECT customer_id, SUM(amount) AS total FROM payments GROUP BY customer_id",
        key=("customer_id",),
        own_key=("customer_id",),
        changelog="upsert",
        features=["group_by"],
        **keys,
    )


def compiled(job: Stream, kubernetes: dict[str, Any], **flink: Any) -> Compiled:
    told = {"target": "kubernetes", "kubernetes": kubernetes, "properties": SAVEPOINTS}
    return FLINK.compile(job, make_project(flink=told | flink))


def test_a_deployment_finds_its_script_in_a_volume(payments: Stream, same_form: Same) -> None:
    job = make_spend(payments, resource={"parallelism": 4, "state_ttl": "30d"})
    sizes = {"memory": "4096m", "cpu": 2}
    answer = compiled(job, {"image": IMAGE, "namespace": "streams", "task_manager": sizes})
    assert not answer.remarks
    script, deployment, held = answer.artifacts
    assert (script.kind, script.name) == ("flink_script", "customer_spend")
    for artifact in (deployment, held):
        assert_valid(artifact)
        same_form(artifact)
    ((file, text),) = document(held)["data"].items()
    assert text == script.spec
    assert document(deployment)["spec"]["job"]["args"][1].endswith(f"/{file}")


def test_another_script_is_another_file(payments: Stream) -> None:
    arguments = set()
    for ttl in ("1d", "2d"):
        job = make_spend(payments, resource={"state_ttl": ttl})
        _, deployment, _ = compiled(job, {"image": IMAGE}).artifacts
        arguments.add(str(document(deployment)["spec"]["job"]["args"]))
    assert len(arguments) == 2


def test_a_script_with_secrets_is_held_by_a_secret(payments: Stream) -> None:
    secret = {"some.password": "${env:PASSWORD}"}
    answer = compiled(make_spend(payments), {"image": IMAGE}, properties=SAVEPOINTS | secret)
    _, deployment, held = answer.artifacts
    assert held.kind == "secret" and document(held)["kind"] == "Secret"
    assert_valid(held)
    assert_valid(deployment)
    (volume,) = document(deployment)["spec"]["podTemplate"]["spec"]["volumes"]
    assert volume["secret"] == {"secretName": held.name}
    assert b"${env" in held.content and b"${env" not in deployment.content


def test_a_session_job_carries_its_script(payments: Stream, same_form: Same) -> None:
    kubernetes = {"session_cluster": "shared", "runner": RUNNER}
    script, job = compiled(make_spend(payments), kubernetes).artifacts
    assert job.kind == "flink_session_job"
    assert_valid(job)
    same_form(job)
    assert document(job)["spec"]["job"]["args"] == ["--script", script.spec]


@pytest.mark.parametrize(
    ("kubernetes", "flink", "code", "mend"),
    [
        ({"image": IMAGE}, {"properties": {}}, "CS671", "savepoint-dir"),
        ({"image": IMAGE}, {"version": "1.20"}, "CS672", "runner:"),
        (
            {"session_cluster": "shared", "runner": RUNNER},
            {"properties": SAVEPOINTS | {"some.password": "${env:PASSWORD}"}},
            "CS673",
            "in a Secret",
        ),
    ],
)
def test_what_the_operator_cannot_run_is_refused(
    payments: Stream, kubernetes: dict[str, Any], flink: dict[str, Any], code: str, mend: str
) -> None:
    answer = compiled(make_spend(payments), kubernetes, **flink)
    (remark,) = answer.remarks
    assert remark.code == code and mend in remark.mend and not answer.artifacts


def test_a_runner_takes_the_script_of_an_older_flink(payments: Stream) -> None:
    kubernetes = {"image": IMAGE, "runner": RUNNER}
    _, deployment, _ = compiled(make_spend(payments), kubernetes, version="1.20").artifacts
    assert_valid(deployment)
    job = document(deployment)["spec"]["job"]
    assert job["jarURI"] == RUNNER and "entryClass" not in job


def test_long_names_stay_apart(payments: Stream) -> None:
    job = make_spend(payments)
    names = set()
    for end in ("Eu", "eu"):
        job.name = f"spend_of_each_customer_in_every_country_of_{end}"
        _, deployment, _ = compiled(job, {"image": IMAGE}).artifacts
        assert_valid(deployment)
        names.add(deployment.name)
    assert len(names) == 2


@pytest.mark.parametrize(
    ("flink", "says"),
    [
        ({"target": "kubernetes"}, "needs `kubernetes:`"),
        ({"target": "confluent_cloud"}, "needs `confluent_cloud:`"),
        ({}, "needs `sql_gateway:`"),
        ({"target": "kubernetes", "kubernetes": {}}, "needs an `image:`"),
        ({"target": "kubernetes", "kubernetes": {"session_cluster": "x"}}, "needs a `runner:`"),
    ],
)
def test_a_target_needs_its_settings(flink: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Flink.model_validate(flink)


def test_a_gateway_is_not_needed(payments: Stream) -> None:
    cluster = CLUSTER | {
        "flink": {
            "target": "kubernetes",
            "kubernetes": {"image": IMAGE},
            "properties": SAVEPOINTS,
        }
    }
    answer = FLINK.compile(make_spend(payments), make_project(clusters={"prod": cluster}))
    assert len(answer.artifacts) == 3
