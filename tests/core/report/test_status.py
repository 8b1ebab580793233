"""The status of an environment, as terminals, monitors and scripts see it."""

from __future__ import annotations

import json

from cdk_stream.report import status_json, status_prometheus, status_text
from cdk_stream.results.health import Deployment, GroupLag, Health, Reader, Status, Watched
from cdk_stream.results.plan import Difference, Key

TOPIC = Key("kafka", "main", "topic", "payments")
JOB = Key("flink", "main", "flink_job", "totals")
SINK = Key("connect", "main", "connector", "warehouse")
LAST = Deployment(7, "1a2b3c4d5e6f7a8b", "done", "2026-01-31T12:00:00Z", "dana")


def status(*resources: Watched, readers: tuple[Reader, ...] = ()) -> Status:
    return Status("shop", "prod", LAST, resources, readers)


def running(key: Key, owner: str = "team-a") -> Watched:
    return Watched(key, "model.x", owner, Health("running", "its job is running"))


def reader(records: int, age: int | None, rows: int | None = None, ms: int | None = None) -> Reader:
    lag = GroupLag("scoring", "payments", records, age)
    return Reader("exposure.scoring", "team-b", lag, rows, ms)


def test_all_is_fine_when_everything_runs_as_deployed_and_nobody_is_late() -> None:
    found = status(running(TOPIC), running(JOB), readers=(reader(10, 900, 100, 1000),))
    assert found.fine
    assert status_text.render(found) == (
        "project shop in 'prod': as deployed\n"
        "deploy 7 of 1a2b3c4d5e6f: done, 2026-01-31T12:00:00Z, by dana\n"
        "\n"
        "team-a\n"
        "  running   main/flink_job/totals\n"
        "  running   main/topic/payments\n"
        "\n"
        "readers\n"
        "  in time   exposure.scoring (team-b) in 'payments': 10 rows behind, "
        "the oldest for 900 ms\n"
    )


def test_what_needs_a_look_stands_first_under_its_owner() -> None:
    drifted = Watched(
        TOPIC,
        "model.x",
        "team-a",
        Health("running"),
        (Difference("configs.retention.ms", "1", "2"),),
    )
    failed = Watched(SINK, "model.y", "", Health("failed", "task 0: the table is gone"))
    found = status(running(JOB), drifted, failed, readers=(reader(10, 900, 5),))
    assert not found.fine
    assert status_text.render(found) == (
        "project shop in 'prod': needs a look\n"
        "deploy 7 of 1a2b3c4d5e6f: done, 2026-01-31T12:00:00Z, by dana\n"
        "\n"
        "no owner\n"
        "  failed    main/connector/warehouse  task 0: the table is gone\n"
        "\n"
        "team-a\n"
        "  running   main/topic/payments  changed by hand\n"
        "            configs.retention.ms: 1 -> 2\n"
        "  running   main/flink_job/totals\n"
        "\n"
        "readers\n"
        "  late      exposure.scoring (team-b) in 'payments': 10 rows behind, "
        "the oldest for 900 ms: 10 rows behind, 5 are allowed\n"
    )


def test_a_paused_job_is_fine_and_a_missing_topic_is_not() -> None:
    paused = Watched(JOB, "model.x", "", Health("paused", "its job is finished"))
    missing = Watched(TOPIC, "model.x", "", Health("missing", "somebody removed it"))
    assert status(paused).fine
    assert not status(paused, missing).fine


def test_a_failed_deploy_is_not_fine_though_all_runs() -> None:
    failed = Deployment(8, "1a2b3c4d5e6f7a8b", "failed", "2026-01-31T12:00:00Z", "dana")
    assert not Status("shop", "prod", failed, (running(JOB),)).fine


def test_nothing_deployed_yet_is_fine() -> None:
    found = Status("shop", "prod", None)
    assert found.fine
    assert status_text.render(found) == "project shop in 'prod': nothing was deployed yet\n"
    assert "cdk_stream_fine" in status_prometheus.render(found)


def test_an_application_is_late_by_rows_or_by_time_and_never_by_an_unknown_age() -> None:
    assert reader(6, None, 5).late == "6 rows behind, 5 are allowed"
    assert reader(1, 1001, 5, 1000).late == "1001 ms behind, 1000 are allowed"
    assert not reader(5, None, 5, 1000).late


def test_monitors_get_a_sample_for_each_resource_and_reader_with_its_labels_escaped() -> None:
    odd = Watched(Key("kafka", "main", "topic", 'a"b\\c'), "model.x", "o", Health("missing"))
    text = status_prometheus.render(status(odd, readers=(reader(10, 900, 5),)))
    where = 'project="shop",environment="prod"'
    topic = f'{where},system="kafka",cluster="main",kind="topic",name="a\\"b\\\\c"'
    topic += ',node="model.x",owner="o"'
    group = f'{where},exposure="exposure.scoring",owner="team-b",group="scoring",topic="payments"'
    assert f"cdk_stream_resource_fine{{{topic}}} 0\n" in text
    assert f"cdk_stream_reader_lag_rows{{{group}}} 10\n" in text
    assert f"cdk_stream_reader_lag_seconds{{{group}}} 0.9\n" in text
    assert f"cdk_stream_reader_late{{{group}}} 1\n" in text
    assert text.count("# TYPE cdk_stream_resource_fine gauge") == 1


def test_scripts_get_one_document() -> None:
    told = json.loads(status_json.render(status(running(TOPIC), readers=(reader(10, 900, 5),))))
    assert (told["format"], told["fine"]) == ("cdk-stream/status@1", False)
    assert told["resources"][0]["condition"] == "running"
    assert told["readers"][0]["late"] == "10 rows behind, 5 are allowed"


def test_what_somebody_sees_and_should_not_stands_before_all_else() -> None:
    told = "support-ui sees 'card_number' of 'payments' unmasked"
    found = Status("shop", "prod", LAST, (running(TOPIC),), (), (told,))
    assert not found.fine
    lines = status_text.render(found).splitlines()
    assert lines[3:5] == ["seen otherwise than the policy says", f"  {told}"]
    assert json.loads(status_json.render(found))["leaks"] == [told]
    where = 'project="shop",environment="prod"'
    assert f"cdk_stream_leaks{{{where}}} 1\n" in status_prometheus.render(found)
