"""Apache Flink: a JobManager, a TaskManager and an SQL Gateway."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.real.engines.engine import LOOPBACK, Engine, Site, answers, java
from tests.real.engines.folder import run_folder

_OPENED = [
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.text",
    "java.base/java.time",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/java.util.concurrent.locks",
    "java.base/sun.net.util",
    "java.base/sun.nio.ch",
    "java.security.jgss/sun.security.krb5",
]
_MODULES = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
_MEMORY = {
    "taskmanager.cpu.cores": 2,
    "taskmanager.memory.task.heap.size": "384m",
    "taskmanager.memory.framework.heap.size": "96m",
    "taskmanager.memory.framework.off-heap.size": "96m",
    "taskmanager.memory.task.off-heap.size": "0m",
    "taskmanager.memory.managed.size": "64m",
    "taskmanager.memory.network.min": "64m",
    "taskmanager.memory.network.max": "64m",
    "taskmanager.memory.jvm-metaspace.size": "384m",
    "taskmanager.memory.jvm-overhead.min": "64m",
    "taskmanager.memory.jvm-overhead.max": "64m",
}


def modules() -> list[str]:
    """What Flink needs of a newer Java."""
    return _MODULES


def classes_folder() -> Path:
    """Classes that Flink finds without a jar, at once: the formats look nowhere else."""
    return run_folder() / "classes"


def _cluster(rest: str, rpc: str) -> dict[str, object]:
    """What all three processes must agree on; the ports come from the JobManager."""
    return {
        "jobmanager.rpc.address": LOOPBACK,
        "jobmanager.rpc.port": rpc,
        "jobmanager.bind-host": LOOPBACK,
        "rest.address": LOOPBACK,
        "rest.bind-address": LOOPBACK,
        "rest.port": rest,
        "rest.bind-port": rest,
    }


def _shared(site: Site) -> dict[str, object]:
    manager = site.neighbours["jobmanager"]
    return _cluster(manager["rest"].rpartition(":")[2], manager["rpc"].rpartition(":")[2])


def _start(site: Site, megabytes: int, main: str, settings: Mapping[str, object]) -> list[str]:
    own = {"io.tmp.dirs": site.folder, **settings}
    site.write("config.yaml", own, ": ")
    arguments = ["--configDir", str(site.folder)] if "Gateway" not in main else []
    classes_folder().mkdir(exist_ok=True)
    return java(
        megabytes, site.jars["flink"], *_MODULES, main, *arguments, classes=classes_folder()
    )


def _jobmanager(site: Site) -> list[str]:
    settings = _cluster(str(site.ports["rest"]), str(site.ports["rpc"])) | {
        "blob.server.port": site.ports["blob"],
        "execution.checkpointing.dir": f"file://{site.folder / 'checkpoints'}",
        "execution.checkpointing.savepoint-dir": f"file://{site.folder / 'savepoints'}",
        "web.submit.enable": "false",
    }
    main = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
    return _start(site, 512, main, settings)


def _taskmanager(site: Site) -> list[str]:
    settings = (
        _shared(site)
        | _MEMORY
        | {
            "taskmanager.host": LOOPBACK,
            "taskmanager.bind-host": LOOPBACK,
            "taskmanager.numberOfTaskSlots": 16,
        }
    )
    main = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
    return _start(site, 480, main, settings)


def _gateway(site: Site) -> list[str]:
    settings = _shared(site) | {
        "execution.target": "remote",
        "sql-gateway.endpoint.rest.address": LOOPBACK,
        "sql-gateway.endpoint.rest.bind-address": LOOPBACK,
        "sql-gateway.endpoint.rest.port": site.ports["http"],
        "sql-gateway.endpoint.rest.bind-port": site.ports["http"],
    }
    main = "org.apache.flink.table.gateway.SqlGateway"
    command = _start(site, 768, main, settings)
    return ["env", f"FLINK_CONF_DIR={site.folder}", *command]


def _has_taskmanager(addresses: Mapping[str, str]) -> bool:
    return answers(f"{addresses['rest']}/overview", b'"taskmanagers":1')


JOBMANAGER = Engine(
    "jobmanager",
    ("flink",),
    ("rest", "rpc", "blob"),
    (),
    _jobmanager,
    lambda site: {
        "rest": f"http://{LOOPBACK}:{site.ports['rest']}",
        "rpc": f"{LOOPBACK}:{site.ports['rpc']}",
    },
    lambda addresses: answers(f"{addresses['rest']}/overview"),
)
TASKMANAGER = Engine(
    "taskmanager",
    ("flink",),
    (),
    ("jobmanager",),
    _taskmanager,
    lambda site: {"rest": site.neighbours["jobmanager"]["rest"]},
    _has_taskmanager,
)
SQL_GATEWAY = Engine(
    "sql-gateway",
    ("flink",),
    ("http",),
    ("jobmanager",),
    _gateway,
    lambda site: {"url": f"http://{LOOPBACK}:{site.ports['http']}"},
    lambda addresses: answers(f"{addresses['url']}/v4/info"),
)
