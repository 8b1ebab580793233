"""What a plan costs that finds nothing to do, on a project with a thousand live resources."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from environment import ours, workshop
from generate import write_project
from measure import Sample, interleaved, sample
from run import CALIBRATION, REFERENCE

SECONDS = 2.0  # of our own CPU, where the calibration takes `REFERENCE`
ENOUGH = 1000
HERE = Path(__file__).parent
ENVIRONMENT = "\nenvironments: { dev: {} }\n"


class Bench:
    """A generated project, deployed once."""

    def __init__(self, folder: Path, models: int) -> None:
        self.root = folder / f"plan-{models}"
        self.python = ours() / "python"
        live = folder / "live"
        live.mkdir(exist_ok=True)
        self.environment = os.environ | {
            "CDK_BENCHMARK_LIVE": str(live),
            "CDK_STREAM_CACHE": str(folder / "cache-plan"),
        }
        write_project(models, self.root)
        with (self.root / "stream_project.yml").open("a") as file:
            file.write(ENVIRONMENT)
        self.run("deploy")

    def run(self, verb: str, *more: str) -> Sample:
        command: tuple[str | Path, ...] = (
            self.python,
            HERE / "planned.py",
            verb,
            "--environment",
            "dev",
            *more,
        )
        return sample(command, self.root, self.environment)

    def resources(self) -> int:
        """How many there are, of which a plan says that all are as wanted."""
        out = self.root / "plan.json"
        self.run("plan", "--out", str(out))
        actions = re.findall(r'"action": "(\w+)"', out.read_text())
        if set(actions) != {"nothing"}:
            raise SystemExit(f"a second plan wants to do something: {sorted(set(actions))}")
        return len(actions)


def main() -> int:
    """Measure, print and compare with the bar; 1 when it is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=420)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with workshop() as folder:
        bench = Bench(folder, arguments.models)
        count = bench.resources()
        calibration = (bench.python, *CALIBRATION)
        taken = interleaved(
            {
                "calibration": lambda: sample(calibration, bench.root),
                "plan": lambda: bench.run("plan"),
            },
            arguments.rounds,
        )
    bar = SECONDS * taken["calibration"].seconds / REFERENCE
    print(f"calibration            {taken['calibration'].seconds:6.2f} s")
    print(f"plan, nothing to do    {taken['plan'].seconds:6.2f} s, bar {bar:.2f} s")
    print(f"resources              {count:6}   at least {ENOUGH}")
    return 0 if taken["plan"].seconds <= bar and count >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
