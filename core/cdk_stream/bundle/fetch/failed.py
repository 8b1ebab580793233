"""Why a bundle cannot be brought."""

from __future__ import annotations


class FetchFailed(Exception):
    """`str()` says why, in words for the one who asked; `mend` what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend
