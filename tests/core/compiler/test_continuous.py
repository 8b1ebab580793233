"""Continuous tests in a compiled project: what is made for them, and nothing where nobody asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cdk_stream.tree import WorkTree
from cdk_stream.workflow.compile import Compiled, compile_tree

PROJECT = """\
name: shop
default_cluster: main
topics: {{ name: "{name}" }}
{plugins}
clusters:
  main:
    kafka: {{ bootstrap_servers: "kafka:9092" }}
    flink: {flink}
sources:
"""
SOURCE = """\
sources:
  - name: orders
    topic: orders
    format: json
    key: id
    columns: [{ name: id, type: STRING }]
"""
TEST = """\
  - name: {name}
    model: orders
    continuous: {continuous}
    assertions: [{{ not_null: {{ column: id }} }}]
"""
SQL_GATEWAY = '{ sql_gateway: "http://flink:8083", version: "2.2" }'
KUBERNETES = (
    '{ target: kubernetes, version: "2.2", kubernetes: { image: "flink:2.2" },'
    ' properties: { execution.checkpointing.savepoint-dir: "s3://shop/savepoints" } }'
)
CONFLUENT = (
    "{ target: confluent_cloud, confluent_cloud: { organization: o, environment: env-1,"
    " compute_pool: lfcp-1, catalog: c, database: d } }"
)


def compiled(
    root: Path,
    *,
    continuous: str = "true",
    flink: str = SQL_GATEWAY,
    name: str = "{model}",
    plugins: str = "",
) -> Compiled:
    settings = PROJECT.format(name=name, flink=flink, plugins=plugins).removesuffix("sources:\n")
    tests = "".join(TEST.format(name=one, continuous=continuous) for one in ("a", "b"))
    for file, text in (
        ("stream_project.yml", settings),
        ("sources/orders.yml", SOURCE),
        ("tests/orders.yml", f"tests:\n{tests}"),
    ):
        (root / file).parent.mkdir(exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    return compile_tree(WorkTree(root))


def made(found: Compiled, test: str) -> list[tuple[str, str]]:
    assert found.compilation.ok, found.compilation.problems
    items = found.manifest.nodes[f"test.{test}"].get("artifacts", ())
    return [(item["kind"], item["name"]) for item in items]


def test_each_test_has_a_job_and_all_have_one_topic(tmp_path: Path) -> None:
    found = compiled(tmp_path)
    for test in ("a", "b"):
        assert made(found, test) == [
            ("acl", f"cdk-shop-{test}-check@violations"),
            ("flink_job", f"{test}.check"),
            ("topic", "shop.violations"),
        ]


@pytest.mark.parametrize(
    ("pattern", "topic"),
    [("{project}.{model}", "shop.violations"), ("x-{model}", "x-shop.violations")],
)
def test_the_topic_is_named_as_topics_are(tmp_path: Path, pattern: str, topic: str) -> None:
    assert ("topic", topic) in made(compiled(tmp_path, name=pattern), "a")


def test_kubernetes_gets_it_as_it_gets_jobs(tmp_path: Path) -> None:
    assert "flink_deployment" in {one for one, _ in made(compiled(tmp_path, flink=KUBERNETES), "a")}


def test_confluent_cloud_watches_nothing_and_that_is_told(tmp_path: Path) -> None:
    found = compiled(tmp_path, flink=CONFLUENT)
    assert made(found, "a") == []
    told = [one for one in found.compilation.problems if one.code == "CS676"]
    assert len(told) == 2
    assert "Confluent Cloud does not write" in told[0].message


def test_nothing_is_made_where_nobody_asks(tmp_path: Path) -> None:
    found = compiled(tmp_path, continuous="false")
    assert made(found, "a") == []
    assert "continuous" not in found.manifest.nodes["test.a"]


def test_nothing_is_imported_where_nobody_asks(tmp_path: Path) -> None:
    compiled(tmp_path, continuous="false")
    program = (
        "import sys; from cdk_stream.cli.main import main; main(['check'])\n"
        "late = ('cdk_stream.plugin.watching', 'cdk_stream_flink.checks')\n"
        "sys.exit([name for name in sys.modules if name.startswith(late)] != [])"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
    assert run.returncode == 0


def test_without_a_plugin_that_watches_it_is_refused(tmp_path: Path) -> None:
    found = compiled(tmp_path, plugins="plugins: [kafka, policies]")
    assert {problem.code for problem in found.compilation.problems} == {"CS677"}
