"""Decisions and reviews -> requirements, standings and the gate."""

from cdk_stream.stages.approve.ask import to_ask
from cdk_stream.stages.approve.ballots import last_words
from cdk_stream.stages.approve.count import Ballot
from cdk_stream.stages.approve.electorate import MAY_WRITE, Electorate
from cdk_stream.stages.approve.freeze import Clockless, frozen
from cdk_stream.stages.approve.gate import Hold, forced, gate, holds
from cdk_stream.stages.approve.glass import broken_glass
from cdk_stream.stages.approve.hands import accounts
from cdk_stream.stages.approve.require import Rules, requirement, requirements

__all__ = [
    "MAY_WRITE",
    "Ballot",
    "Clockless",
    "Electorate",
    "Hold",
    "Rules",
    "accounts",
    "broken_glass",
    "forced",
    "frozen",
    "gate",
    "holds",
    "last_words",
    "requirement",
    "requirements",
    "to_ask",
]
