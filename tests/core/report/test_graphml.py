"""GraphML is read back by a graph library as the graph it was."""

from __future__ import annotations

from pathlib import Path

import networkx

from cdk_stream.report.graph import as_graphml, edges
from cdk_stream.testing import manifest, model, source


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    project = manifest(source("raw"), model("clean", reads=["source.raw"]))
    nodes = list(project.nodes)
    file = tmp_path / "graph.graphml"
    file.write_text(as_graphml(project, nodes))

    read = networkx.read_graphml(file)

    assert set(read.nodes) == set(nodes)
    assert set(read.edges) == set(edges(project, nodes))
    assert read.nodes["model.clean"]["kind"] == "model"
