"""Top-N: what a filter on ROW_NUMBER makes of a query."""

from __future__ import annotations

from cdk_stream.sql.resolve.flow import Flow, keyed
from cdk_stream.sql.resolve.scope import Rank, RankFilter, Run, Scope


def ranked(run: Run, scope: Scope, kept: RankFilter, flow: Flow) -> Flow:
    """The flow of the rows that `rank <= limit` keeps."""
    rank = kept.rank
    rank.used = True
    if rank.function != "ROW_NUMBER":
        message = f"{rank.function} keeps no first rows on a stream"
        run.tell(rank.offset, "CS443", message, "use ROW_NUMBER")
    first_only = rank.function == "ROW_NUMBER" and kept.limit == 1
    run.features.add("deduplicate" if first_only and rank.on_time else "rank")
    if rank.windowed and not flow.updating:
        return flow
    partition = _partition(scope, rank)
    if partition is None:
        return Flow("retract")
    before = flow.keys_with(partition)
    return keyed(partition if first_only else (*partition, kept.spelling), *before)


def _partition(scope: Scope, rank: Rank) -> tuple[str, ...] | None:
    """The spellings of PARTITION BY where the filter stands."""
    for rows in scope.rows:
        for name in rows.names():
            value = rows.get(name)
            if value is not None and value.rank is rank:
                if rank.keys is None:
                    return None
                return tuple(f"{rows.tag}.{key}" for key in rank.keys)
    return rank.partition


def check_ranks(run: Run) -> bool:
    """Whether a rank sends rows again: without a filter it is an OVER window, and not by time."""
    taken_back = False
    for rank in run.ranks:
        if rank.used:
            continue
        run.features.add("over")
        taken_back = taken_back or not rank.on_time
        if rank.refusal:
            message = f"{rank.refusal}, which {rank.function} is without a filter on it"
            mend = "keep the first rows only: WHERE rank <= n in a query around this one"
            run.tell(rank.offset, "CS436", message, mend)
    return taken_back
