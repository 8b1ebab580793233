"""Top-N: what a filter on ROW_NUMBER makes of a query."""

from __future__ import annotations

from cdk_stream.sql.resolve.flow import Flow, keyed
from cdk_stream.sql.resolve.scope import Rank, RankFilter, Run, Scope


def ranked(run: Run, scope: Scope, kept: RankFilter, flow: Flow) -> Flow:
    """The flow of the rows that `rank <= limit` keeps."""
    rank = kept.rank
    rank.used = True
    first_only = rank.function == "ROW_NUMBER" and kept.limit == 1
    run.features.add("deduplicate" if first_only and rank.on_time else "rank")
    if rank.windowed and not flow.updating:
        return flow
    partition = _partition(scope, rank)
    if partition is None:
        return Flow("retract")
    return keyed(partition if first_only else (*partition, kept.spelling))


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


def check_ranks(run: Run) -> None:
    """A rank that no filter bounds is an OVER aggregate, which Flink orders by time only."""
    for rank in run.ranks:
        if rank.used:
            continue
        run.features.add("over")
        if not rank.on_time and not rank.windowed:
            message = f"{rank.function} without a filter on it is ordered by a time attribute only"
            mend = "keep the first rows only: WHERE rank <= n in a query around this one"
            run.tell(rank.offset, "CS436", message, mend)
