"""What a user may type for a node or a column."""

from __future__ import annotations

import pytest

from cdk_stream.cli.names import find_column, find_node
from cdk_stream.problems import Usage
from cdk_stream.testing import column, manifest, model, source

NODES = manifest(
    source("raw", {"a.b": column(), "id": column()}),
    model("pay.clean", {"id": column(), "amount": column()}),
).nodes
KNOWN = ("model.clean", "source.raw", "test.clean", "exposure.clean_dashboard")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("raw", "source.raw"), ("model.clean", "model.clean"), ("test.clean", "test.clean")],
)
def test_a_node(typed: str, meant: str) -> None:
    assert find_node(KNOWN, typed) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("clean", "'clean' could be model.clean or test.clean"),
        ("rwa", "there is no node 'rwa' in the project\n    did you mean 'raw'?"),
    ],
)
def test_no_node(typed: str, told: str) -> None:
    with pytest.raises(Usage) as refused:
        find_node(KNOWN, typed)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("raw.id", ("source.raw", "id")),
        ("source.raw.id", ("source.raw", "id")),
        ("raw.a.b", ("source.raw", "a.b")),
        ("pay.clean.amount", ("model.pay.clean", "amount")),
        ("model.pay.clean.id", ("model.pay.clean", "id")),
    ],
)
def test_a_column(typed: str, meant: tuple[str, str]) -> None:
    assert find_column(NODES, typed) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("raw", "'raw' is not MODEL.COLUMN"),
        ("rwa.id", "there is no source or model 'rwa'\n    did you mean 'raw'?"),
        ("pay.clean.amuont", "model.pay.clean has no column 'amuont'\n    did you mean 'amount'?"),
    ],
)
def test_no_column(typed: str, told: str) -> None:
    with pytest.raises(Usage) as refused:
        find_column(NODES, typed)
    assert str(refused.value).startswith(told)
