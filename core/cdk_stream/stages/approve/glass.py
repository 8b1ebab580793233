"""Last words -> the one that breaks the glass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.plugin.forge import ForgeError, Review
from cdk_stream.results.approval import BrokenGlass
from cdk_stream.stages.approve.ballots import when
from cdk_stream.stages.approve.electorate import Electorate

MARK = "break-glass:"


def broken_glass(
    reviews: Iterable[Review], people: Iterable[str], head: str, electorate: Electorate
) -> tuple[BrokenGlass | None, tuple[str, ...]]:
    """The first valid one, and why others that ask for it do not count.

    It is an approval of exactly `head` by one of `people`, whose own words begin with the mark
    and give a reason: neither a label nor a comment, which others can set or edit.
    """
    refused: list[str] = []
    for review, reason in _asking(reviews):
        why_not = _why_not(review, reason, people, head, electorate)
        if not why_not and review.author:
            login = review.author.login
            return BrokenGlass(login, review.id, review.commit, when(review), reason), ()
        refused.append(f"the glass is not broken: {why_not}")
    return None, tuple(refused)


def _asking(reviews: Iterable[Review]) -> Iterator[tuple[Review, str]]:
    for review in reviews:
        text = review.text.strip()
        if review.state == "APPROVED" and text.casefold().startswith(MARK):
            yield review, " ".join(text[len(MARK) :].split())


def _why_not(
    review: Review, reason: str, people: Iterable[str], head: str, electorate: Electorate
) -> str:
    account = review.author
    if account is None:
        return "its author's account is deleted"
    named = {one.strip().removeprefix("@").casefold() for one in people}
    if account.key not in named:
        return f"{account.login} is not one of `governance: break_glass: people`"
    if not reason:
        return f"{account.login} gives no reason after '{MARK}'"
    if review.edited:
        return f"the text of {account.login} may have been edited since; approve once more"
    if review.commit.lower() != head.lower() or not review.submitted:
        return f"{account.login} approved commit {review.commit[:7]}, not {head[:7]}"
    try:
        return electorate.barred(account)
    except ForgeError as error:
        return str(error)
