"""What a deployed job is called: the name of its script, and which script that was."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"^SET 'pipeline\.name' = '((?:[^']|'')*)'", re.MULTILINE)
_MARK = 12


class JobName(NamedTuple):
    """Flink knows a job by nothing else: its id is another after every start."""

    base: str
    """`fraud.customer_risk_profile`, as the script says."""
    mark: str
    """The first letters of the script's digest; empty for a job that was not deployed by us."""

    def __str__(self) -> str:
        return f"{self.base}@{self.mark}" if self.mark else self.base


def job_name(script: str, digest: str) -> JobName:
    """The name that the job of a script gets."""
    found = _NAME.search(script)
    return JobName(found[1].replace("''", "'") if found else "", digest[:_MARK])


def read_name(text: str) -> JobName:
    """The name of a job that runs."""
    base, at, mark = text.rpartition("@")
    if at and re.fullmatch(rf"[0-9a-f]{{{_MARK}}}", mark):
        return JobName(base, mark)
    return JobName(text, "")
