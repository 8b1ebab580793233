"""What a new job does with that which the running one remembers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.problems import Refused
from cdk_stream.workflow.draft import PLAIN, Draft, draft
from cdk_stream.workflow.site import find_place, open_site
from tests.core.deployment.repository import commit

TOTALS = """\
models:
  - name: totals
    materialized: flink_stream
    owner: shop
    key: [id]
{more}    sql: |
      SELECT id, COUNT(*) AS orders FROM {{{{ source("orders") }}}} {where}GROUP BY id
"""


@pytest.fixture
def totals(project: Path) -> Path:
    """The model, deployed."""
    write(project)
    assert main(["deploy", "--environment", "dev"]) == 0
    return project


def write(project: Path, more: str = "", where: str = "") -> None:
    indented = f"    {more}\n" if more else ""
    (project / "models/totals.yml").write_text(TOTALS.format(more=indented, where=where))
    commit(project)


def drafted(project: Path) -> Draft:
    site = open_site(find_place(project, "dev", "HEAD"), os.environ)
    try:
        return draft(site, PLAIN)
    finally:
        site.close()


def state(project: Path) -> str:
    return next(
        str(one.settings.get("state", "keep"))
        for key, one in drafted(project).wanted.items()
        if (key.kind, key.name) == ("flink_job", "totals")
    )


@pytest.fixture
def deployed(totals: Path) -> Path:
    """The same as a commit: of a working tree nobody knows what changed."""
    assert main(["deploy", "--environment", "dev", "--commit", "HEAD"]) == 0
    return totals


def test_a_change_of_what_a_job_remembers_is_refused_until_somebody_decides(
    deployed: Path,
) -> None:
    write(deployed, where="WHERE amount > 5 ")
    with pytest.raises(Refused) as caught:
        drafted(deployed)
    (problem,) = caught.value.problems
    assert (problem.code, problem.node) == ("CS843", "model.totals")
    assert str(problem.location).startswith("models/totals.yml:2")


@pytest.mark.parametrize("choice", ["reset", "replay", "keep"])
def test_what_the_author_decides_is_done(deployed: Path, choice: str) -> None:
    write(deployed, f"on_state_change: {choice}", "WHERE amount > 5 ")
    assert state(deployed) == choice


def test_a_change_that_leaves_the_state_alone_keeps_it_whatever_the_author_said(
    deployed: Path,
) -> None:
    write(deployed, "on_state_change: replay\n    parallelism: 2")
    assert state(deployed) == "keep"
