"""Wanted, recorded and live -> what a plan says, and who owns what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from cdk_stream.plugin.store import State
from cdk_stream.plugin.system import Comparison, Live, Wanted
from cdk_stream.problems import Refused
from cdk_stream.results.plan import Difference, Key, Plan, Step
from cdk_stream.stages.plan.judge import HIDDEN, UNDECIDED, Case, Choices, judge
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.draft import Asked, draft
from tests.core.deployment.conftest import World, compiled, write_project
from tests.core.deployment.double import FileSystem, refused

TOPIC = Key("kafka", "main", "topic", "m0")
JOB = Key("flink", "main", "flink_job", "m0")


def step(plan: Plan, key: Key | str) -> Step:
    return next(one for one in plan.steps if one.id == str(key))


def spec(project: Compiled, file: str) -> object:
    content = project.compilation.artifacts[file].content
    return content.decode() if file.endswith(".sql") else orjson.loads(content)


def live(world: World, name: str) -> FileSystem:
    return FileSystem(world.live, name, "main")


def test_what_nobody_has_is_created_schemas_first_and_readers_last(
    world: World, first: Compiled
) -> None:
    plan = world.plan(first).plan
    assert {one.action for one in plan.steps} == {"create"}
    order = [one.key.kind for one in plan.steps]
    assert order == sorted(order, key=["subject", "topic", "acl", "flink_job"].index)
    assert "main/flink_job/m0" in step(plan, "main/flink_job/m1").needs
    assert [len(wave) for wave in plan.waves()] == [5, 10, 10, 10, 5]


def test_the_same_world_gives_the_same_digest(world: World, first: Compiled) -> None:
    assert world.plan(first).plan.digest == world.plan(first).plan.digest
    other = world.plan(first, adopt=("main/topic/x",)).plan
    assert other.digest != world.plan(first).plan.digest


def test_what_is_there_as_wanted_is_adopted(world: World, first: Compiled) -> None:
    live(world, "kafka").write(TOPIC, spec(first, "main/topic/m0.json"))
    assert step(world.plan(first).plan, TOPIC).action == "adopt"
    world.deploy(first)
    assert world.plan(first).progress.resources[TOPIC].adopted


def test_what_is_there_and_differs_is_left_alone_until_somebody_takes_it(
    world: World, first: Compiled
) -> None:
    live(world, "kafka").write(TOPIC, {"of": "somebody else"})
    assert step(world.plan(first).plan, TOPIC).action == "foreign"
    with pytest.raises(Refused, match="CS832 'main/topic/m0' was there before"):
        world.deploy(first)
    assert live(world, "kafka").read(TOPIC)["spec"] == {"of": "somebody else"}  # type: ignore[index]
    assert step(world.plan(first, adopt=("main/topic/*",)).plan, TOPIC).action == "update"


def test_a_change_by_hand_is_drift_and_one_of_the_project_is_not(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    live(world, "kafka").write(TOPIC, {"by": "hand"})
    drift = step(world.plan(first).plan, TOPIC)
    assert (drift.action, drift.why) == ("drift", "it was changed by hand since the last deploy")
    changed = step(world.plan(second).plan, JOB)
    assert (changed.action, changed.why) == ("restart", "model 'm0' changed")
    world.deploy(first)
    assert world.plan(first).plan.writes == ()


def test_a_change_by_hand_to_what_is_wanted_needs_no_write(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    live(world, "flink").write(JOB, spec(second, "main/flink_job/m0.sql"))
    assert step(world.plan(second).plan, JOB).action == "adopt"


def test_what_somebody_removed_is_made_again_and_the_loss_is_told(
    world: World, first: Compiled
) -> None:
    world.deploy(first)
    live(world, "kafka")._path(TOPIC).unlink()
    again = step(world.plan(first).plan, TOPIC)
    assert again.action == "create"
    assert again.why == "it was deployed, and somebody removed it"
    assert again.dangers == (("data_loss", "what it held is gone, and does not come back"),)


def test_what_nobody_asks_for_goes_readers_first_and_rows_only_when_told(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    plan = world.plan(second).plan
    gone = [one for one in plan.steps if one.action == "delete"]
    assert {one.key.kind for one in gone if one.approved} == {"flink_job", "acl"}
    assert {one.key.kind for one in gone if not one.approved} == {"topic", "subject"}
    told = world.plan(second, delete=("main/*/m9*",)).plan
    order = [one.key.kind for one in told.writes if one.action == "delete"]
    assert order == ["flink_job", "acl", "topic", "subject"]
    topic = step(told, "main/topic/m9")
    assert topic.dangers == (("data_loss", "what it holds is lost"),)
    done = world.deploy(second)
    assert {one.id for one in done.results if one.result == "kept"} == {
        "main/topic/m9",
        "main/subject/m9-value",
    }
    assert live(world, "kafka").read(Key("kafka", "main", "topic", "m9")) is not None
    world.deploy(second, delete=("main/*/m9*",))
    assert live(world, "kafka").read(Key("kafka", "main", "topic", "m9")) is None
    assert world.plan(second).plan.writes == ()


def test_a_reader_that_moves_away_does_so_before_what_it_read_goes(
    world: World, first: Compiled, tmp_path: Path
) -> None:
    world.deploy(first)
    root = write_project(tmp_path)
    moved = (root / "models" / "m1.yml").read_text().replace('ref("m0")', 'source("orders")')
    (root / "models" / "m1.yml").write_text(moved)
    (root / "models" / "m0.yml").unlink()
    plan = world.plan(compiled(root), delete=("main/topic/m0",)).plan
    assert "main/flink_job/m1" in step(plan, TOPIC).needs
    assert step(plan, "main/flink_job/m1").action == "restart"


def test_what_was_there_before_is_not_deleted_unasked(
    world: World, first: Compiled, second: Compiled
) -> None:
    acl = Key("kafka", "main", "acl", "cdk-shop-m9@model.m9")
    live(world, "kafka").write(acl, spec(first, "main/acl/cdk-shop-m9_model.m9.json"))
    world.deploy(first)
    kept = step(world.plan(second).plan, acl)
    assert (kept.action, kept.approved) == ("delete", False)
    assert kept.dangers[0][1] == "it was there before the project, and others may use it"


def test_a_system_that_cannot_be_reached_refuses_the_plan(world: World, first: Compiled) -> None:
    def unreachable(what: str) -> None:
        if what == "observe gateway":
            raise refused("the Gateway of 'main'")

    site = world.site(first, unreachable)

    with pytest.raises(Refused) as told:
        draft(site, Asked())
    assert str(told.value) == (
        "stream_project.yml: CS830 the Gateway of 'main': connection refused\n"
        "    check the addresses under `clusters: main:`, and plan again"
    )


def test_a_kind_that_no_system_takes_refuses_the_plan(world: World, first: Compiled) -> None:

    site = world.site(first)
    site.systems = [one for one in site.systems if one.name != "flink"]
    with pytest.raises(Refused, match="CS831 no live system of cluster 'main' takes the flink_job"):
        draft(site, Asked())


def test_every_system_is_asked_once(world: World, first: Compiled) -> None:

    site = world.site(first)
    draft(site, Asked())
    assert {one.name: one.asked for one in site.systems if isinstance(one, FileSystem)} == {
        "registry": 1,
        "kafka": 1,
        "gateway": 1,
        "flink": 1,
        "connect": 1,
    }


def test_a_secret_that_a_system_shows_by_mistake_is_hidden(world: World, first: Compiled) -> None:

    class Loud(FileSystem):
        def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
            shown = {"ssl.key.password": "hunter2", "a": 1}
            return Comparison(
                "update",
                "",
                (
                    Difference("config.connection.password", "hunter2", "${env:PASSWORD}"),
                    Difference("config", shown, None),
                ),
            )

    made = world.plan(first)
    case = Case(TOPIC, made.wanted[TOPIC], None, None)
    judged = judge(case, Loud(world.live, "kafka", "main"), UNDECIDED)
    assert judged.differences == (
        Difference("config.connection.password", HIDDEN, "${env:PASSWORD}"),
        Difference("config", {"ssl.key.password": HIDDEN, "a": 1}, None),
    )


def test_needs_that_were_recorded_in_a_circle_do_not_hold_a_removal_up(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    site = world.site(second)
    state = site.store.load()
    assert state.record is not None
    circle = {
        key: replace(one, needs=("main/topic/m9", "main/subject/m9-value"))
        if key.name.startswith("m9")
        else one
        for key, one in state.record.resources.items()
    }
    record = replace(state.record, resources=circle)
    site.store.load = lambda: State(record)  # type: ignore[method-assign]

    plan = draft(site, Asked(Choices(delete=("*",)))).plan
    assert sum(one.action == "delete" for one in plan.writes) == 4
