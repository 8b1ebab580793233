"""All reviews -> the last word of each reviewer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from cdk_stream.plugin.forge import Review

DECISIVE = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
_LATEST = datetime.max.replace(tzinfo=UTC)


def last_words(reviews: Iterable[Review]) -> tuple[Review, ...]:
    """The decisive review of each account that is its last, by login.

    A comment changes nothing, and a dismissal does not bring an older review back. A decisive
    review without a time is the last one: what may be newest must not be overlooked.
    """
    found: dict[str, Review] = {}
    for review in sorted(reviews, key=_moment):
        if review.author is not None and review.state in DECISIVE:
            found[review.author.key] = review
    return tuple(found[key] for key in sorted(found))


def when(review: Review) -> str:
    """Its time as a record holds it; empty for none."""
    if review.submitted is None:
        return ""
    moment = review.submitted.astimezone(UTC).isoformat(timespec="seconds")
    return moment.replace("+00:00", "Z")


def _moment(review: Review) -> tuple[datetime, int]:
    return review.submitted or _LATEST, review.id
