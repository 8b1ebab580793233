"""A schema registry with the Confluent API: Apicurio Registry, in memory."""

from __future__ import annotations

from collections.abc import Mapping

from tests.real.engines.engine import LOOPBACK, Engine, Site, answers


def _command(site: Site) -> list[str]:
    (runner,) = site.jars["registry"].glob("apicurio-registry-app-*-runner.jar")
    settings = {
        "quarkus.http.host": LOOPBACK,
        "quarkus.http.port": site.ports["http"],
        "quarkus.management.host": LOOPBACK,
        "quarkus.management.port": site.ports["management"],
        "java.io.tmpdir": site.folder,
    }
    options = [f"-D{key}={value}" for key, value in settings.items()]
    speed = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    return ["java", *speed, *options, "-jar", str(runner)]


def _addresses(site: Site) -> dict[str, str]:
    return {"url": f"http://{LOOPBACK}:{site.ports['http']}/apis/ccompat/v7"}


def _is_ready(addresses: Mapping[str, str]) -> bool:
    return answers(f"{addresses['url']}/subjects")


REGISTRY = Engine(
    "registry", ("registry",), ("http", "management"), (), _command, _addresses, _is_ready
)
