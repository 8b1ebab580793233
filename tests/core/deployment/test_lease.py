"""Who may deploy, when several want to."""

from __future__ import annotations

import json
import os
import time
import warnings
from pathlib import Path

import pytest

from cdk_stream.deployment.file_store import FileStore
from cdk_stream.plugin.store import Held, LeaseLost, StoreFailed

BEGIN = {"entry": "begin", "serial": 0, "plan": "p", "commit": "", "steps": {}}


def test_of_many_processes_that_want_it_at_once_one_gets_it(tmp_path: Path) -> None:
    """And of those that want to take over an old one, too."""
    for late in (0, 3600):
        before = time.time() + 0.05
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            children = [_contend(tmp_path, before, late) for _ in range(8)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert sorted(codes) == [0, *[1] * 7]


def _contend(folder: Path, at: float, late: float) -> int:
    child = os.fork()
    if child == 0:
        while time.time() < at:
            pass
        try:
            FileStore(folder, lambda: time.time() + late).acquire("a child", 30)
        except Held:
            os._exit(1)
        os._exit(0)
    return child


def test_a_lease_that_is_renewed_does_not_run_out(tmp_path: Path) -> None:
    lease = FileStore(tmp_path).acquire("dana", 30)
    lease.renew()
    with pytest.raises(Held, match="dana") as held:
        FileStore(tmp_path, lambda: time.time() + 29).acquire("eli", 30)
    assert 0 < held.value.seconds <= 1.5


def test_a_holder_that_slept_over_its_lease_writes_nothing(tmp_path: Path) -> None:
    lease = FileStore(tmp_path).acquire("dana", 0)
    with pytest.raises(LeaseLost, match="ran out"):
        lease.append(BEGIN)
    assert FileStore(tmp_path).load().journal == ()


def test_what_was_released_is_free_and_the_next_token_is_greater(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first = store.acquire("dana", 30)
    first.release()
    assert store.acquire("eli", 30).token == first.token + 1
    with pytest.raises(LeaseLost, match="another deploy took the lease over"):
        first.append(BEGIN)
    assert len(list(tmp_path.glob("lease.*"))) == 1


def test_a_lease_that_is_none_refuses_rather_than_being_free(tmp_path: Path) -> None:
    (tmp_path / "lease.3").write_text("{}")
    with pytest.raises(StoreFailed, match=r"lease\.3' is not a lease"):
        FileStore(tmp_path).acquire("dana", 30)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreFailed, match="cannot be written: Not a directory"):
        FileStore(tmp_path / "file" / "state").acquire("dana", 30)


def test_the_lease_says_who_has_it(tmp_path: Path) -> None:
    FileStore(tmp_path, lambda: 1000.0).acquire("dana, process 7", 30)
    told = json.loads((tmp_path / "lease.1").read_text())
    assert told == {"holder": "dana, process 7", "until": 1030.0}
