"""Measure cdk-stream on generated projects and hold it against its bars."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from environment import fast, ours, workshop
from generate import write_project
from measure import Sample, interleaved, sample
from rows import ROWS, TESTS, measure_rows

REFERENCE = 0.14  # CPU seconds of the calibration where the bars were set
CALIBRATION = ("-c", "import sqlglot, pydantic, yaml")
IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")
EDITED = "models/domain_000/m00047.yml"  # in the middle of the first linked groups


@dataclass(frozen=True, slots=True)
class Bar:
    """What a case may cost at most, in CPU seconds where the calibration takes `REFERENCE`."""

    case: str
    seconds: float
    beyond: str = ""
    """The case whose time is taken off first: the bar is on the difference."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: `value` and `bar` in `unit`; a bar of 0 is none."""

    case: str
    value: float
    bar: float
    unit: str

    def missed(self, slack: float = 1.0) -> bool:
        return 0 < self.bar * slack < self.value


Bars = dict[int, tuple[Bar, ...]]
PURE: Bars = {
    1000: (
        Bar("cold compile", 1.2),
        Bar("warm, one file changed", 0.3),
        Bar("warm, nothing changed", 0.08),
        Bar("cold check", 0.15, beyond="cold compile"),
        Bar("first check, policies known", 0.15, beyond="cold compile"),
        Bar("warm check --base", 0.4, beyond="warm check"),
        Bar("warm hook, one file staged", 0.42),
        Bar("warm hook, a tag staged", 0.42),
        Bar("warm hook, a promise staged", 0.42),
    ),
    10000: (
        Bar("cold compile", 9.0),
        Bar("warm, one file changed", 0.45),
        Bar("warm, nothing changed", 0.15),
    ),
}
FAST: Bars = {1000: (Bar("cold compile", 0.7),), 10000: (Bar("cold compile", 5.0),)}
BASE_RATIO = 2.2  # cold check --base over cold check
GROWTH = 11.0  # cold compile of 10,000 models over 1,000
PEAK_MB = 600.0  # cold compile of 10,000 models
RUN_SECONDS = 2.0  # the example on 10,000 rows per source, beyond the interpreter's start
TEST_SECONDS = 0.03  # one model on a few rows, after the first


class Workbench:
    """A generated project in a Git repository, and the commands that are run on it."""

    def __init__(self, folder: Path, models: int, scripts: Path, governed: bool) -> None:
        self.root = folder / f"{models}-{scripts.parent.name}"
        self.command = scripts / "cdk-stream"
        self.hook = scripts / "cdk-stream-check"
        self.cache = folder / f"cache-{self.root.name}"
        self.environment = os.environ | {"CDK_STREAM_CACHE": str(self.cache)}
        self.calibration = (scripts / "python", *CALIBRATION)
        write_project(models, self.root, governed)
        (self.root / ".gitignore").write_text("target/\n.benchmark.log\n")
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Generate")
        self.edits = itertools.count(1)
        self.edit()

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *IDENTITY, *arguments], cwd=self.root, check=True)

    def edit(self) -> None:
        """Change the filter of one model, each time to something new."""
        path = self.root / EDITED
        text = path.read_text()
        head, _, tail = text.partition("amount_cents > ")
        rest = tail.lstrip("0123456789")
        path.write_text(f"{head}amount_cents > {100000 + next(self.edits)}{rest}")

    def promise(self) -> None:
        """Promise another latency, which policies look at."""
        self._say("sla: { max_latency_ms: %d }", "sla: ")

    def tag(self) -> None:
        """Give the model another tag, which no policy looks at."""
        self._say("tags: [filter, t%d]", "tags: ")

    def _say(self, line: str, start: str) -> None:
        path = self.root / EDITED
        kept = [one for one in path.read_text().split("\n") if not one.startswith(f"    {start}")]
        kept.insert(2, "    " + line % (1_000_000 + next(self.edits)))
        path.write_text("\n".join(kept))

    def run(self, *arguments: str) -> Sample:
        # 1 is a verdict: with a base, the owners of the applications it hits must agree
        return sample((self.command, *arguments), self.root, self.environment, expect=(0, 1))

    def cold(self, *arguments: str) -> Sample:
        for folder in (self.root / "target", self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        return self.run(*arguments)

    def first(self, *arguments: str) -> Sample:
        """Without what is remembered of the project; that policies are in order is."""
        shutil.rmtree(self.root / "target", ignore_errors=True)
        for folder in self.cache.iterdir():
            if folder.name != "policies":
                shutil.rmtree(folder)
        return self.run(*arguments)

    def after_edit(self, *arguments: str) -> Sample:
        self.edit()
        return self.run(*arguments)

    def commit(self, edit: Callable[[], None] | None = None) -> Sample:
        """Stage an edit, another filter if none is given, and run the hook on what is staged."""
        (edit or self.edit)()
        self.git("add", "--all")
        return sample((self.hook,), self.root, self.environment)

    def cases(self) -> dict[str, Callable[[], Sample]]:
        """In the order of a round: each warm case finds what the one before it left."""
        return {
            "calibration": lambda: sample(self.calibration, self.root),
            "cold check": lambda: self.cold("check"),
            "first check, policies known": lambda: self.first("check"),
            "cold check --base": lambda: self.cold("check", "--base", "main"),
            "cold compile": lambda: self.cold("compile"),
            "warm, nothing changed": lambda: self.run("compile"),
            "warm, one file changed": lambda: self.after_edit("compile"),
            "warm check": lambda: self.run("check"),
            "warm check --base, first": lambda: self.run("check", "--base", "main"),
            "warm check --base": lambda: self.run("check", "--base", "main"),
            "cold hook": self.commit,
            "warm hook, one file staged": self.commit,
            "warm hook, a tag staged": lambda: self.commit(self.tag),
            "warm hook, a promise staged": lambda: self.commit(self.promise),
        }


def lines(taken: Mapping[str, Sample], bars: tuple[Bar, ...]) -> Iterator[Line]:
    """Each case as a multiple of the calibration, beside its bar."""
    unit = taken["calibration"].seconds
    plain = {bar.case: bar.seconds / REFERENCE for bar in bars if not bar.beyond}
    for case, one in taken.items():
        yield Line(case, one.seconds / unit, plain.get(case, 0.0), "x calibration")
    for bar in bars:
        if bar.beyond:
            more = taken[bar.case].seconds - taken[bar.beyond].seconds
            name = f"{bar.case} beyond {bar.beyond}"
            yield Line(name, more / unit, bar.seconds / REFERENCE, "x calibration")
    ratio = taken["cold check --base"].seconds / taken["cold check"].seconds
    yield Line("cold check --base over cold check", ratio, BASE_RATIO, "x")


def show(title: str, taken: Mapping[str, Sample], rows: list[Line]) -> None:
    """A table for people and for Markdown."""
    print(f"\n### {title}\n")
    print("| case | CPU s | peak MB | measured | bar | |")
    print("|---|---:|---:|---:|---:|---|")
    for row in rows:
        one = taken.get(row.case)
        cpu, peak = (f"{one.seconds:.3f}", f"{one.peak_mb:.0f}") if one else ("", "")
        bar = f"{row.bar:.1f}" if row.bar else ""
        verdict = "**missed**" if row.missed() else "kept" if row.bar else ""
        print(f"| {row.case} | {cpu} | {peak} | {row.value:.2f} {row.unit} | {bar} | {verdict} |")


def measure(
    folder: Path, models: int, scripts: Path, rounds: int, governed: bool
) -> dict[str, Sample]:
    bench = Workbench(folder, models, scripts, governed)
    for case in bench.cases().values():  # byte code and page cache
        case()
    return interleaved(bench.cases(), rounds)


def main() -> int:
    arguments = _arguments()
    sizes = (1000,) if arguments.quick else tuple(arguments.models)
    builds: list[tuple[str, Path, Bars]] = [("pure Python", ours(), PURE)]
    if arguments.fast:
        builds.append(("compiled parser", fast(), FAST))
    missed = False
    with workshop() as folder:
        for build, scripts, bars in builds:
            cold: dict[int, Sample] = {}
            for models in sizes:
                rounds = arguments.rounds if models < 5000 else max(1, (arguments.rounds + 1) // 2)
                taken = measure(folder, models, scripts, rounds, arguments.governed)
                cold[models] = taken["cold compile"]
                rows = list(lines(taken, bars.get(models, ())))
                rows += _across(cold, models)
                show(f"{models:,} models, {build}, median of {rounds}", taken, rows)
                missed |= any(row.missed(arguments.slack) for row in rows)
            if build == "pure Python":
                taken = measure_rows(folder, scripts, arguments.rounds)
                taken["calibration"] = sample((scripts / "python", *CALIBRATION), folder)
                rows = list(_of_rows(taken))
                show(f"{ROWS:,} rows per source, {build}", taken, rows)
                missed |= any(row.missed(arguments.slack) for row in rows)
    return int(missed)


def _of_rows(taken: Mapping[str, Sample]) -> Iterator[Line]:
    """What running costs, as multiples of the calibration."""
    unit = taken["calibration"].seconds
    whole = (taken["run"].seconds - taken["interpreter"].seconds) / unit
    yield Line("run", whole, RUN_SECONDS / REFERENCE, "x calibration")
    each = (taken["tests"].seconds - taken["one test"].seconds) / TESTS / unit
    yield Line("a test after the first", each, TEST_SECONDS / REFERENCE, "x calibration")


def _across(cold: Mapping[int, Sample], models: int) -> Iterator[Line]:
    if models == 10000:
        yield Line("peak memory of a cold compile", cold[models].peak_mb, PEAK_MB, "MB")
        if 1000 in cold:
            growth = cold[models].seconds / cold[1000].seconds
            yield Line("growth from 1,000 models", growth, GROWTH, "x")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, nargs="+", default=[1000, 10000], metavar="N")
    parser.add_argument(
        "--rounds", type=int, default=5, help="runs of each case; the median counts"
    )
    parser.add_argument("--quick", action="store_true", help="1,000 models only")
    parser.add_argument("--fast", action="store_true", help="also with the compiled parser")
    parser.add_argument(
        "--governed", action="store_true", help="contracts and tests on every model"
    )
    parser.add_argument(
        "--slack", type=float, default=1.0, help="exit 1 only beyond so many times a bar"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
