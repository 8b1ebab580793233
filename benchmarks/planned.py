"""`cdk-stream` with the systems of `listed` in the place of real ones."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import listed
from cdk_stream.cli.main import main
from cdk_stream.plugin import live, live_hookspecs

if __name__ == "__main__":
    point = EntryPoint("kafka", "listed", live_hookspecs.PROJECT)
    vars(live)["entry_points"] = lambda group: [point]
    code = main()
    clusters = len(set(listed.REQUESTS))
    if len(listed.REQUESTS) > clusters:
        sys.exit(f"{len(listed.REQUESTS)} requests for {clusters} systems")
    sys.exit(code)
