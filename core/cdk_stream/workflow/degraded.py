"""Two versions of models on the same rows: what comes out otherwise than at a base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cdk_stream.problems import Location, Usage
from cdk_stream.results.outcome import Outcome
from cdk_stream.run.rows import NodeRows, Records
from cdk_stream.run.shifts import shifts
from cdk_stream.workflow.check import compiled_at
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.run import execute, needed
from cdk_stream.workflow.samples import generated, sampled


def compared(
    root: Path,
    compiled: Compiled,
    base: str,
    models: Iterable[str],
    *,
    threshold: float,
    count: int | None,
    seed: int,
) -> list[Outcome]:
    """An outcome for each model that both versions have; inputs first.

    Both read the rows of samples/ as they are now, or `count` rows made up for each source, and the
    functions as they are now. Raises Usage when the base has no project or has errors.
    """
    before = compiled_at(root, base, compiled)
    if before is None or not before.compilation.ok:
        raise Usage(f"'{base}' has no project here that compiles, to compare with")
    both = [one for one in models if one in before.compilation.entries]
    read = needed(compiled, both)
    given = sampled(compiled, root, read)
    if count is not None:
        given = generated(compiled, read, count, seed)
    now = execute(compiled, given, both, root) if both else {}
    then = execute(before, _known(before, given), both, root) if both else {}
    return [_outcome(compiled, base, then[one], now[one], threshold) for one in both]


def _known(before: Compiled, given: Mapping[str, Records]) -> dict[str, Records]:
    """The rows without the columns that the sources did not have."""
    found: dict[str, Records] = {}
    for node_id, rows in given.items():
        if node_id in before.compilation.entries:
            columns = before.bench.input(node_id).columns
            found[node_id] = [
                row if "op" in row else {n: value for n, value in row.items() if n in columns}
                for row in rows
            ]
    return found


def _outcome(
    compiled: Compiled, base: str, then: NodeRows, now: NodeRows, threshold: float
) -> Outcome:
    declaration = compiled.bench.declaration(now.node)
    place = Location(declaration.path)
    refusals = [one.refusal for one in (then, now) if one.refusal is not None]
    told = [] if refusals else shifts(then, now, threshold)
    if refusals or told:
        place = compiled.bench.place(declaration, "", 0, 0)
    return Outcome(
        now.node,
        f"{declaration.name} / as at {base}",
        "comparison",
        now.node,
        place,
        "refused" if refusals else "failed" if told else "passed",
        "\n".join(told),
        problems=tuple(refusals),
        seconds=then.seconds + now.seconds,
    )
