"""What a plugin keeps of a job's state in the project's own files."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.plugin.backend import Remark


@dataclass(frozen=True, slots=True)
class StateRecord:
    """The answer for one model, or why there is none."""

    node: str
    """The model's id; "" for a remark on the project file."""
    path: str = ""
    """The file that keeps it: `state/<model>.json`."""
    content: bytes = b""
    """What to write there; nothing for a job that remembers nothing, which has no file."""
    remark: Remark | None = None
