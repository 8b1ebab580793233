"""Last words -> how far each requirement is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from cdk_stream.plugin.forge import Account, ForgeError, Review
from cdk_stream.results.approval import Requirement, Standing, Vote
from cdk_stream.stages.approve.ballots import when
from cdk_stream.stages.approve.electorate import Electorate

Holds = Callable[[Review, Requirement], str]
"""The digest by which an approval of an older commit holds; empty when it does not."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What votes are counted against."""

    head: str
    electorate: Electorate
    holds: Holds
    author: str = ""
    """The login of the pull request's author."""

    def standings(
        self, requirements: Iterable[Requirement], reviews: Sequence[Review]
    ) -> tuple[Standing, ...]:
        """How far each is met; what is waited for first."""
        found = [self.standing(one, reviews) for one in requirements]
        return tuple(
            sorted(found, key=lambda one: (one.state == "approved", one.requirement.owner))
        )

    def standing(self, requirement: Requirement, reviews: Sequence[Review]) -> Standing:
        """How far one is met by the last words; what cannot be known is a problem, never a yes."""
        if requirement.problem:
            mend = "tie it to logins or teams under `owners:` of stream_project.yml"
            return Standing(requirement, problem=requirement.problem, mend=mend)
        try:
            return self._checked(self._counted(requirement, reviews))
        except ForgeError as error:
            message = f"owner '{requirement.owner}' cannot be resolved: {error}"
            return Standing(requirement, problem=message, mend=error.mend)

    def outsiders(
        self, requirements: Sequence[Requirement], reviews: Iterable[Review]
    ) -> tuple[Vote, ...]:
        """Last words by people of none of the owners; those who cannot be placed are left out."""
        return tuple(
            vote(review, "", "is of none of the owners who are asked")
            for review in reviews
            if review.author is not None and self._outside(requirements, review.author)
        )

    def _outside(self, requirements: Sequence[Requirement], account: Account) -> bool:
        try:
            return not any(self.electorate.speaks_for(one, account) for one in requirements)
        except ForgeError:
            return False

    def _counted(self, requirement: Requirement, reviews: Iterable[Review]) -> Standing:
        approvals, blocks, discounted = [], [], []
        for review in reviews:
            account = review.author
            via = self.electorate.speaks_for(requirement, account) if account else ""
            if account is None or not via:
                continue
            if review.state == "CHANGES_REQUESTED":
                blocks.append(vote(review, via))
            elif found := self._why_not(review, account):
                discounted.append(self._sticky(vote(review, via, found[0]), review, requirement))
                if not discounted[-1].why_not:
                    approvals.append(discounted.pop())
            else:
                approvals.append(vote(review, via))
        return Standing(requirement, tuple(approvals), tuple(blocks), tuple(discounted))

    def _why_not(self, review: Review, account: Account) -> tuple[str, ...]:
        """Why an approval or dismissal does not count; () when it does."""
        if review.state == "DISMISSED":
            return ("it was dismissed",)
        if barred := self.electorate.barred(account):
            return (barred,)
        if not review.submitted:
            return ("the forge does not say when it was given",)
        if not review.commit:
            return ("the forge does not say which commit it is of",)
        if review.commit.lower() != self.head.lower():
            return (f"it is of commit {review.commit[:7]}, not of {self.head[:7]}",)
        return ()

    def _sticky(self, found: Vote, review: Review, requirement: Requirement) -> Vote:
        """An older approval that nothing but its age speaks against may hold."""
        if not found.why_not.startswith("it is of commit"):
            return found
        digest = self.holds(review, requirement)
        return replace(found, why_not="", held_by=digest) if digest else found

    def _checked(self, standing: Standing) -> Standing:
        """Tell when nobody could ever meet it: a team that is gone, people without rights."""
        requirement = standing.requirement
        if not standing.missing or requirement.administrators:
            return standing
        if requirement.teams:
            if self.author:
                for team in requirement.teams:
                    self.electorate.is_member(team, self.author)
            return standing
        barred = {one: self.electorate.barred(Account(one)) for one in requirement.people}
        able = [one for one, why in barred.items() if not why]
        if len(able) >= requirement.min_approvals:
            return standing
        whys = "; ".join(why for why in barred.values() if why)
        more = f": {whys}" if whys else ""
        message = (
            f"owner '{requirement.owner}' cannot give {requirement.min_approvals} "
            f"approval{'s' if requirement.min_approvals > 1 else ''}{more}"
        )
        mend = "name more people under `owners:`, give them write access, or split the change"
        return replace(standing, problem=message, mend=mend)


def vote(review: Review, via: str, why_not: str = "") -> Vote:
    """A review as a vote."""
    login = review.author.login if review.author else ""
    return Vote(login, review.id, review.state, review.commit, when(review), via, why_not)
