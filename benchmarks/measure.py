"""CPU time and peak memory of whole processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_MAXRSS_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a command: user and system seconds of it and its children, peak megabytes."""

    seconds: float
    peak_mb: float


def sample(
    command: Sequence[str | Path],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    expect: Sequence[int] = (0,),
) -> Sample:
    """Run `command` to its end; SystemExit with its output when its exit code is not expected."""
    log = cwd / ".benchmark.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
    log.unlink()
    if process.returncode not in expect:
        line = " ".join(map(str, command))
        raise SystemExit(f"{line}\nended with {process.returncode}:\n{tail}")
    return Sample(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MAXRSS_PER_MB)


def median(samples: Sequence[Sample]) -> Sample:
    """The middle time and the highest peak."""
    seconds = statistics.median(one.seconds for one in samples)
    return Sample(seconds, max(one.peak_mb for one in samples))


def interleaved(cases: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, Sample]:
    """Every case once a round, so that what else the machine does hits all of them alike."""
    taken: dict[str, list[Sample]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            taken[name].append(case())
    return {name: median(samples) for name, samples in taken.items()}
