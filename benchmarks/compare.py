"""Measure cdk-stream beside dbt and SQLMesh on projects of the same shape, in one run."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import generate
from environment import fast, ours, scripts, workshop
from measure import Sample, interleaved, sample
from peers import dbt, sqlmesh

FUSION = ("dbt==2.0.0rc196",)
# the last dbt-core of the Python engine that installs from PyPI alone
CORE = ("dbt-core==1.12.0", "dbt-core-experimental-parser==2.0.0a4", "dbt-duckdb==1.11.1")
SQLMESH = ("sqlmesh==0.236.4",)
LOAD = """
from sqlmesh import Context
context = Context(paths=["."])
for model in context.models.values():
    model.columns_to_types
"""
# peer -> how many times our CPU it must take at least, with the pure and the compiled parser
BARS = {"dbt Fusion parse": (4, 7), "dbt-core parse": (17, 0), "SQLMesh load": (27, 0)}
PURE = "cdk-stream compile"
FAST = "cdk-stream compile, compiled parser"

Case = Callable[[], Sample]


def cases(folder: Path, models: int, governed: bool) -> dict[str, Case]:
    """Cold runs: each on its own copy of the shape, with what the last run left removed."""
    for name, writer in (
        ("ours", generate.write_project),
        ("ours-fast", generate.write_project),
        ("dbt", dbt.write_project),
        ("fusion", dbt.write_project),
        ("sqlmesh", sqlmesh.write_project),
    ):
        writer(models, folder / name, governed)
    quiet = os.environ | {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    quiet |= {"DBT_PROFILES_DIR": ".", "CDK_STREAM_CACHE": "cache"}

    def case(project: str, left: tuple[str, ...], *command: str | Path) -> Case:
        def run() -> Sample:
            for name in left:
                shutil.rmtree(folder / project / name, ignore_errors=True)
            return sample(command, folder / project, quiet)

        return run

    load = (scripts("sqlmesh", SQLMESH) / "python", "-c", LOAD)
    return {
        PURE: case("ours", ("target", "cache"), ours() / "cdk-stream", "compile"),
        FAST: case("ours-fast", ("target", "cache"), fast() / "cdk-stream", "compile"),
        "dbt Fusion parse": case(
            "fusion", ("target", "logs"), scripts("dbt-fusion", FUSION) / "dbt", "parse"
        ),
        "dbt-core parse": case(
            "dbt", ("target", "logs"), scripts("dbt-core", CORE) / "dbt", "parse"
        ),
        "SQLMesh load": case("sqlmesh", (".cache", "logs"), *load),
    }


def show(title: str, taken: dict[str, Sample]) -> bool:
    """Print the table; whether every bar is kept."""
    print(f"\n### {title}\n")
    print("| tool | CPU s | peak MB | times ours | bar | times ours, compiled | bar |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    kept = True
    for name, one in taken.items():
        row = f"| {name} | {one.seconds:.2f} | {one.peak_mb:.0f} |"
        bars = BARS.get(name, (0, 0))
        for own, bar in zip((PURE, FAST), bars, strict=True):
            ratio = one.seconds / taken[own].seconds
            missed = ratio < bar
            kept &= not missed
            row += f" {ratio:.1f} | {bar or ''}{' **missed**' if missed else ''} |"
        print(row)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1000, metavar="N")
    parser.add_argument(
        "--rounds", type=int, default=3, help="runs of each case; the median counts"
    )
    parser.add_argument("--lean", action="store_true", help="few tests and no contracts only")
    parser.add_argument(
        "--governed", action="store_true", help="contracts and tests everywhere only"
    )
    arguments = parser.parse_args()
    shapes = [(False, "lean"), (True, "governed")]
    if arguments.lean != arguments.governed:
        shapes = [shapes[arguments.governed]]
    kept = True
    for governed, name in shapes:
        with workshop() as folder:
            runs = cases(folder, arguments.models, governed)
            for run in runs.values():  # byte code and page cache
                run()
            taken = interleaved(runs, arguments.rounds)
        title = f"{arguments.models:,} models, {name}, cold, median of {arguments.rounds}"
        kept &= show(title, taken)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
