"""A pull request judged: what it does, who agreed, and the record of it."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.results.approval import Approvals
from cdk_stream.results.evidence import Record
from cdk_stream.results.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Subject:
    """The pull request that was judged, at the commits that were judged."""

    repository: str
    number: int
    url: str
    title: str
    author: str
    """A login; empty for a deleted account."""
    base_ref: str
    base: str
    """The full id of the commit whose rules and owners were asked: the tip of the base branch."""
    head: str
    """The full id of the last commit of the pull request: what reviewers approve."""
    tree: str
    """The id of the Git tree that the branch becomes by merging: what was compiled."""
    draft: bool = False
    merged: str = ""
    """The full id of the commit that it became, when a merged one was proved again."""

    @property
    def context(self) -> str:
        """The name of the status: `cdk-stream/approval (main)`."""
        return f"cdk-stream/approval ({self.base_ref})"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The whole answer; reports show it, the gate's status tells its state."""

    subject: Subject
    verdict: Verdict
    approvals: Approvals
    record: Record

    @property
    def passed(self) -> bool:
        """Whether the change may go in, and be deployed."""
        return self.approvals.gate.state == "success"
