"""What is wrong with the results when an operator goes on with state of another meaning."""

from __future__ import annotations

_RESULTS = "results that were counted the old way go on as if they were the new ones"
_WINDOWS = "windows that are open mix what was collected the old way with the new"
_ROWS = "rows that it keeps were chosen and cut for the old query, and answer the new one"

_CONSEQUENCES = {
    "group-aggregate": _RESULTS,
    "global-group-aggregate": _RESULTS,
    "incremental-group-aggregate": _RESULTS,
    "over-aggregate": _RESULTS,
    "global-window-aggregate": _WINDOWS,
    "window-aggregate": _WINDOWS,
    "group-window-aggregate": _WINDOWS,
    "window-join": _WINDOWS,
    "window-rank": _WINDOWS,
    "window-deduplicate": _WINDOWS,
    "interval-join": f"{_ROWS}; rows that the old bounds dropped are missing",
    "rank": "the ranking goes on from rows that were ranked the old way",
    "deduplicate": "what was seen the old way is taken for seen",
    "match": "matches that have begun go on with the old pattern",
    "sink": "rows of the old shape are taken for those to replace",
}


def consequence(kind: str) -> str:
    """The consequence for a kind of operator, of the plan."""
    return _CONSEQUENCES.get(kind, _ROWS)
