"""Where jars, logs and the state of running engines lie: never in the project."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """`CDK_STREAM_ENGINES`, else a folder in the user's cache."""
    chosen = os.environ.get("CDK_STREAM_ENGINES")
    if chosen:
        return Path(chosen).absolute()
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "cdk-stream" / "engines"


def jars_folder() -> Path:
    return home() / "jars"


def run_folder() -> Path:
    """State, configuration and data of what runs now, and the logs of what ran last."""
    return home() / "run"
