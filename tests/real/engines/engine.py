"""What an engine is, and what it is given to start with."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
HERE = Path(__file__).parent
LOGGING = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
_FAST = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=384m"]


@dataclass(frozen=True, slots=True)
class Site:
    """Where one engine runs: its folder, its free ports, its jars, and its neighbours."""

    folder: Path
    ports: Mapping[str, int]
    jars: Mapping[str, Path]
    neighbours: Mapping[str, Mapping[str, str]]
    """Engine name -> its addresses."""

    def write(self, name: str, settings: Mapping[str, object], sign: str = "=") -> Path:
        """A file with one `key=value` a line."""
        path = self.folder / name
        text = "".join(f"{key}{sign}{value}\n" for key, value in settings.items())
        path.write_text(text, encoding="utf-8")
        return path


@dataclass(frozen=True, slots=True)
class Engine:
    """How to start a program and how to know that it is ready."""

    name: str
    poms: tuple[str, ...]
    ports: tuple[str, ...]
    needs: tuple[str, ...]
    command: Callable[[Site], list[str]]
    """Writes the configuration into the site's folder."""
    addresses: Callable[[Site], dict[str, str]]
    is_ready: Callable[[Mapping[str, str]], bool]


def java(megabytes: int, jars: Path, *arguments: str, classes: Path | None = None) -> list[str]:
    """A small virtual machine that starts quickly, over all jars of a folder.

    `classes` is looked into anew for each class that no jar has.
    """
    path = f"{jars}/*" if classes is None else f"{jars}/*:{classes}"
    memory = [f"-Xmx{megabytes}m", f"-Xms{megabytes // 4}m", "-Djava.net.preferIPv4Stack=true"]
    return ["java", *_FAST, *memory, LOGGING, "-cp", path, *arguments]


def free_ports(names: tuple[str, ...]) -> dict[str, int]:
    """A free port for each name; all are held until the last is found."""
    sockets = [socket.socket() for _ in names]
    try:
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}
    finally:
        for one in sockets:
            one.close()


def answers(url: str, needle: bytes = b"") -> bool:
    """Whether a GET gives 200 and a body that holds `needle`."""
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return needle in reply.read()
    except (OSError, urllib.error.URLError):
        return False


def listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=2):
            return True
    except OSError:
        return False
