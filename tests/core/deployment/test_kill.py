"""A deploy that is killed, at every point in turn: the next run brings it to the same end.

CDK_STREAM_KILLS=200 kills at every point and at 200 random instants; left out, at every seventh
or third point (a step has six or ten of them, so that each kind has its turn) and at 10 instants.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import orjson
import pytest

from cdk_stream.workflow.compile import Compiled
from tests.core.deployment.conftest import World
from tests.core.deployment.double import log, snapshot
from tests.core.deployment.mortal import Counter, in_child, run

INSTANTS = int(os.environ.get("CDK_STREAM_KILLS", "10"))
STRIDE = 1 if "CDK_STREAM_KILLS" in os.environ else 7


@pytest.fixture(autouse=True)
def _forks() -> Iterator[None]:
    """A child of a process with threads only deploys and ends; nothing of the threads is used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def copy(world: World, name: str) -> World:
    """The same world, to go another way from here."""
    folder = world.folder / name
    shutil.copytree(world.live, folder / "live")
    if (world.folder / "state").exists():
        shutil.copytree(world.folder / "state", folder / "state")
    return World(folder, world.at_once, world.runs)


def fill(world: World) -> None:
    """Let every job remember rows of its own, which no deploy may lose."""
    for number, path in enumerate(sorted((world.live / "main" / "flink").iterdir())):
        found = orjson.loads(path.read_bytes())
        path.write_bytes(orjson.dumps({**found, "rows": 100 + number}))


def points(world: World, project: Compiled) -> tuple[int, dict[str, bytes]]:
    """How many points a whole deploy passes, and what is live after it."""
    whole, counter = copy(world, "whole"), Counter(0)
    run(whole, project, counter)
    assert not [line for line in log(whole.live) if line.startswith("doubled")]
    return counter.passed, snapshot(whole.live)


def test_forty_resources_are_made_though_the_deploy_is_killed_at_every_point(
    world: World, first: Compiled
) -> None:
    count, expected = points(world, first)
    assert len(expected) == 40
    assert count > 6 * 40
    _kill_at_each(world, first, count, expected, STRIDE)


def test_jobs_go_on_with_what_they_remember_though_the_deploy_is_killed_at_every_point(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    fill(world)
    (world.live / "log").unlink()
    count, expected = points(world, second)
    assert count > 6 * 10
    _kill_at_each(world, second, count, expected, min(STRIDE, 3))


def _kill_at_each(
    world: World, project: Compiled, count: int, expected: dict[str, bytes], stride: int
) -> None:
    digest = world.plan(project).plan.digest
    for number in range(1, count + 1, stride):
        one, counter = copy(world, "one"), Counter(number)
        assert in_child(partial(run, one, project, counter, digest)) == -signal.SIGKILL, number
        _comes_to_the_same_end(one, project, expected, digest)
        shutil.rmtree(one.folder)


def _comes_to_the_same_end(
    one: World, project: Compiled, expected: dict[str, bytes], digest: str = ""
) -> None:
    """The next run goes on under the digest that was approved for the first."""
    one.runs += 1  # the child's
    done = one.deploy(project, digest)
    assert not done.failed
    assert snapshot(one.live) == expected
    assert not [line for line in log(one.live) if line.startswith("doubled")]
    assert one.plan(project).plan.writes == ()


def test_a_deploy_that_dies_twice_comes_to_the_same_end(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    fill(world)
    (world.live / "log").unlink()
    count, expected = points(world, second)
    chance = random.Random(7)
    for _ in range(INSTANTS):
        one = copy(world, "one")
        for _ in range(2):
            counter = Counter(chance.randint(1, count))
            in_child(partial(run, one, second, counter))
            one.runs += 1
        _comes_to_the_same_end(one, second, expected)
        shutil.rmtree(one.folder)


def test_a_deploy_with_threads_that_is_killed_at_any_instant_comes_to_the_same_end(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.at_once = 8
    world.deploy(first)
    fill(world)
    (world.live / "log").unlink()
    whole = copy(world, "whole")
    began = time.monotonic()
    run(whole, second, lambda _: None)
    length, expected = time.monotonic() - began, snapshot(whole.live)
    chance = random.Random(11)
    for _ in range(INSTANTS):
        one = copy(world, "one")
        _kill_after(one, second, chance.uniform(0, 1.5 * length))
        _comes_to_the_same_end(one, second, expected)
        shutil.rmtree(one.folder)


def _kill_after(one: World, project: Compiled, seconds: float) -> None:
    child = os.fork()
    if child == 0:
        run(one, project, lambda _: None)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_line_of_the_journal_that_was_never_whole_is_not_read(
    world: World, first: Compiled
) -> None:
    in_child(lambda: run(world, first, Counter(100)))
    journal: Path = world.folder / "state" / "journal.jsonl"
    with open(journal, "ab") as file:
        file.write(b'{"token": 1, "entry": "sta')
    world.runs += 1
    assert not world.deploy(first).failed
    assert world.plan(first).plan.writes == ()
