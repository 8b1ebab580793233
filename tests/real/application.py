"""A Flink that runs one application, as an image does in a FlinkDeployment; no TaskManager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.real.engines.engine import LOOPBACK, Site, free_ports, java
from tests.real.engines.flink import modules
from tests.real.engines.jars import assemble
from tests.real.engines.process import birth, start, stop

_MAIN = "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint"


@contextmanager
def application(folder: Path, entry_class: str, arguments: Sequence[str]) -> Iterator[str]:
    """The URL of its REST API, while it runs."""
    ports = free_ports(("rest", "rpc", "blob"))
    site = Site(folder, ports, {}, {})
    settings = {
        "jobmanager.rpc.address": LOOPBACK,
        "jobmanager.bind-host": LOOPBACK,
        "jobmanager.rpc.port": ports["rpc"],
        "rest.address": LOOPBACK,
        "rest.bind-address": LOOPBACK,
        "rest.port": ports["rest"],
        "rest.bind-port": ports["rest"],
        "blob.server.port": ports["blob"],
        "io.tmp.dirs": folder,
    }
    site.write("config.yaml", settings, ": ")
    command = java(512, assemble("flink"), *modules(), _MAIN, classes=assemble("container") / "*")
    command += ["--configDir", str(folder), "--job-classname", entry_class, *arguments]
    pid = start(command, folder / "log", folder, {})
    born = birth(pid) or ""
    try:
        yield f"http://{LOOPBACK}:{ports['rest']}"
    finally:
        stop(pid, born)
