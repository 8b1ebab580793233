"""From one version of a model to another: caught up, read by nobody, and then let go."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.results.consumer import LiveGroup
from cdk_stream.results.health import GroupLag
from tests.core.deployment import plugin
from tests.core.deployment.conftest import model
from tests.core.deployment.repository import Shown, commit, record, run

DEV = ("--environment", "dev")
ROOT = Path(__file__).parents[3]
OLD, NEW = "cdk-shop-m0", "cdk-shop-m2"
SOURCE = "orders.v1"
CUTOVER = ("cutover", "m0", "m2", *DEV)
READER = """\
exposures:
  - name: shipping
    type: application
    owner: shop
    depends_on: [ref("{model}")]
"""


@pytest.fixture
def both(project: Path, capsys: Shown) -> Iterator[Path]:
    """Both versions are deployed beside each other, and equally far."""
    (project / "models" / "m1.yml").unlink()
    (project / "models" / "m2.yml").write_text(model(2))
    (project / "exposures").mkdir(exist_ok=True)
    (project / "exposures" / "apps.yml").write_text(READER.format(model="m0"))
    commit(project)
    assert main(["deploy", *DEV]) == 0
    capsys.readouterr()
    at(old=40, new=40)
    plugin.groups[:] = [LiveGroup("shipping", "m2", 1), LiveGroup(OLD, SOURCE, 1)]
    yield project
    plugin.lags.clear()
    plugin.groups.clear()


def at(old: int, new: int | None) -> None:
    plugin.lags[:] = [GroupLag(OLD, SOURCE, old, 0)]
    if new is not None:
        plugin.lags.append(GroupLag(NEW, SOURCE, new, 0))


def move(project: Path) -> None:
    (project / "exposures" / "apps.yml").write_text(READER.format(model="m2"))
    commit(project)
    assert main(["deploy", *DEV]) == 0


def test_readers_may_move_once_the_new_version_is_where_the_old_one_is(
    both: Path, capsys: Shown
) -> None:
    code, out, _ = run(capsys, *CUTOVER)
    assert (code, out.splitlines()) == (0, [
        "'m2' may take over from 'm0'",
        "  in 'orders.v1': 40 rows to read, 'm0' has 40 rows",
        "'m0' may not retire",
        "  read by exposure.shipping",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (141, "'m2' has 141 rows of 'orders.v1' to read, and 40 of 'm0' with 100 more are allowed"),
        (None, "'m2' has committed nothing in 'orders.v1': no checkpoint is complete"),
    ],
)
def test_one_that_is_behind_may_not(both: Path, capsys: Shown, new: int | None, told: str) -> None:
    at(old=40, new=new)
    code, out, _ = run(capsys, *CUTOVER)
    assert (code, out.splitlines()[1].strip()) == (1, told)


def test_nor_one_that_rests(both: Path, capsys: Shown) -> None:
    run(capsys, "pause", "m2", *DEV, "--reason", "INC-812")
    code, out, _ = run(capsys, *CUTOVER)
    assert (code, "'main/flink_job/m2' does not run: is paused" in out) == (1, True)


def test_the_old_one_goes_with_its_topic_once_nobody_reads_it(both: Path, capsys: Shown) -> None:
    move(both)
    code, out, _ = run(capsys, *CUTOVER, "--retire", "all have moved")
    assert (code, out.splitlines()[-1]) == (0, "record 2 of 'dev' lets it go")
    kinds = {one["kind"] for one in record(both, "dev", 2)["resources"] if one["retired"]}
    assert kinds == {"topic", "subject"}
    (both / "models" / "m0.yml").unlink()
    commit(both)
    code, out, _ = run(capsys, "deploy", *DEV)
    assert code == 0
    assert "delete main/topic/m0" in out
    assert "kept" not in out


def test_without_a_cutover_its_topic_is_kept(both: Path, capsys: Shown) -> None:
    move(both)
    (both / "models" / "m0.yml").unlink()
    commit(both)
    assert (
        "kept: main/topic/m0, to delete it: --delete main/topic/m0"
        in run(capsys, "deploy", *DEV)[1]
    )


def test_a_live_group_keeps_it_until_it_is_known_to_be_gone(both: Path, capsys: Shown) -> None:
    move(both)
    plugin.groups.append(LiveGroup("batch", "m0", 0))
    code, out, _ = run(capsys, *CUTOVER, "--retire", "all have moved")
    assert (code, out.splitlines()[-1]) == (1, "  read by the consumer group 'batch'")
    assert run(capsys, *CUTOVER, "--retire", "all have moved", "--gone", "batch")[0] == 0
    plugin.groups[-1] = LiveGroup("batch", "m0", 2)
    code, _, _ = run(capsys, *CUTOVER, "--retire", "all have moved", "--gone", "batch")
    assert code == 1


def test_who_reads_it_again_is_found_before_it_is_deleted(both: Path, capsys: Shown) -> None:
    move(both)
    assert run(capsys, *CUTOVER, "--retire", "all have moved")[0] == 0
    (both / "models" / "m0.yml").unlink()
    commit(both)
    plugin.groups.append(LiveGroup("late", "m0", 1))
    code, _, err = run(capsys, "deploy", *DEV)
    assert (code, "CS848 'main/topic/m0' was to go, and is read again by late" in err) == (1, True)
    assert run(capsys, "deploy", *DEV, "--delete", "main/topic/m0")[0] == 0


def test_what_is_not_deployed_is_no_version(both: Path, capsys: Shown) -> None:
    code, _, err = run(capsys, "cutover", "m0", "m3", *DEV)
    assert (code, "no model 'm3' is deployed" in err) == (2, True)
    assert run(capsys, *CUTOVER, "--retire", " ")[0] == 2
    assert run(capsys, *CUTOVER, "--max-lag", "-1")[0] == 2


def test_the_page_walks_this_very_way(both: Path, capsys: Shown) -> None:
    """Its commands, with the names and the environment of this project, one after the other."""
    page = (ROOT / "docs" / "how-to" / "run-two-versions.md").read_text(encoding="utf-8")
    commands = re.findall(r"^ *cdk-stream (.+)$", page, re.M)
    assert len(commands) == 2
    named = [
        command.replace("payments_v2", "m2").replace("payments", "m0").replace("prod", "dev")
        for command in commands
    ]
    assert run(capsys, *shlex.split(named[0]))[0] == 0
    move(both)
    assert run(capsys, *shlex.split(named[1]))[0] == 0
