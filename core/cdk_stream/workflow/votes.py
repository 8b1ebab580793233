"""A judged case and what the forge says -> approvals and the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cdk_stream.git.merge import commits_between
from cdk_stream.git.repository import Repository
from cdk_stream.plugin.forge import ForgeError, PullRequest, Review
from cdk_stream.results.approval import Approvals, Gate
from cdk_stream.results.change import worst
from cdk_stream.stages.approve import (
    Ballot,
    Clockless,
    Electorate,
    Hold,
    accounts,
    broken_glass,
    forced,
    frozen,
    gate,
    holds,
    last_words,
    to_ask,
)
from cdk_stream.stages.approve.count import Holds
from cdk_stream.workflow.case import Case

WHOLE = "fetch the whole history: 'fetch-depth: 0' for actions/checkout"


@dataclass(frozen=True, slots=True)
class Poll:
    """Whom to ask for votes on what."""

    pull_request: PullRequest
    repository: Repository
    base: str
    head: str
    now: datetime
    sticky: Holds

    def count(self, case: Case, also: Sequence[Hold], asking: bool) -> Approvals:
        """The approvals of a case; `also` holds it back besides, `asking` names whom to ask."""
        found = [*also, *case.holds]
        reviews: tuple[Review, ...] = ()
        hands: frozenset[str] = frozenset()
        try:
            reviews = tuple(self.pull_request.reviews())
            hands = self._hands()
        except ForgeError as error:
            found.append(Hold("error", str(error), error.mend, hard=True))
            reviews, asking = (), False
        if self.repository.shallow:
            message = "the clone is shallow: nobody knows who had a hand in the change"
            found.append(Hold("error", message, WHOLE, hard=True))
        return self._counted(case, found, reviews, hands, asking)

    def _counted(
        self,
        case: Case,
        found: list[Hold],
        reviews: tuple[Review, ...],
        hands: frozenset[str],
        asking: bool,
    ) -> Approvals:
        facts, words = self.pull_request.facts, last_words(reviews)
        rules = case.rules.governance if case.rules else None
        electorate = Electorate(
            self.pull_request, hands, rules.approvals.allow_bots if rules else ()
        )
        author = facts.author.login if facts.author else ""
        ballot = Ballot(self.head, electorate, self.sticky, author)
        requirements = case.requirements()
        standings = ballot.standings(requirements, words)
        windows = self._frozen(case, found)
        found += holds(standings)
        ask = to_ask(standings, reviews, facts.requested, self.head, electorate) if asking else ()
        approvals = Approvals(
            gate(found, standings, len(case.verdict.impacts)),
            standings,
            ballot.outsiders(requirements, words),
            ask,
            windows,
        )
        people = rules.break_glass.people if rules else ()
        glass, refusals = broken_glass(words, people, self.head, electorate)
        if glass and (outcome := forced(found, glass)):
            return replace(approvals, gate=outcome[0], broken_glass=glass, overridden=outcome[1])
        return replace(approvals, gate=_told(approvals.gate, refusals))

    def _hands(self) -> frozenset[str]:
        """All who had a hand in it, by the forge and by the commits themselves."""
        author = self.pull_request.facts.author
        commits = commits_between(self.repository, self.base, self.head)
        named = accounts(address for commit in commits for address in commit.addresses)
        known = frozenset(one.casefold() for one in self.pull_request.contributors())
        return known | named | ({author.key} if author else frozenset())

    def _frozen(self, case: Case, found: list[Hold]) -> tuple[str, ...]:
        if case.rules is None or not (case.verdict.changes or case.governed):
            return ()
        category = worst(tuple(change.category for change in case.verdict.changes))
        try:
            windows = frozen(case.rules.governance.freeze, self.now, category)
        except Clockless as error:
            mend = "correct `governance: freeze:` of the base branch"
            found.append(Hold("error", str(error), mend))
            return ()
        found += [Hold("pending", f"frozen: {one}", "wait until it is over") for one in windows]
        return windows


def _told(answer: Gate, refusals: Sequence[str]) -> Gate:
    return replace(answer, reasons=(*answer.reasons, *refusals)) if refusals else answer
