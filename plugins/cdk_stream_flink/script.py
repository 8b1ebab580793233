"""A job -> the SQL script that starts it."""

from __future__ import annotations

from cdk_stream.resources.project import Function, Project
from cdk_stream.results.stream import Stream
from cdk_stream_flink.job import Job
from cdk_stream_flink.quote import literal, quoted
from cdk_stream_flink.table import input_table, output_table

SCRIPTS = ("flink_job", "flink_script")
"""The kinds of artefacts that are a job's script: to be submitted, or held by something else."""


def job_script(job: Job, project: Project) -> str:
    """The statements in the order they must run; the last one is the author's own text."""
    parts = [_settings(job)]
    if job.stream.analysis.functions:
        parts.append(_functions(job, project))
    parts += [input_table(reading, job.group) for reading in job.readings]
    parts.append(output_table(job.stream, job.wire, job.way, job.group))
    parts.append(_insert(job))
    return "\n".join(part for part in parts if part)


def _settings(job: Job) -> str:
    lines = [f"SET 'pipeline.name' = {literal(job.name)};\n"]
    for key, value in sorted(job.settings.items()):
        lines.append(f"SET {literal(key)} = {literal(value)};\n")
    return "".join(lines)


def _functions(job: Job, project: Project) -> str:
    called = sorted(job.stream.analysis.functions)
    return "".join(_function(name, project.functions[name]) for name in called)


def _function(name: str, function: Function) -> str:
    if function.class_ is None:
        return ""
    text = f"CREATE TEMPORARY SYSTEM FUNCTION {quoted(name)} AS {literal(function.class_)}"
    text += f" LANGUAGE {function.language.upper()}"
    if function.jar is not None and function.language != "python":
        text += f" USING JAR {literal(function.jar)}"
    return text + ";\n"


def _insert(job: Job) -> str:
    # The semicolon stands on a line of its own, since the text may end in a `--` comment.
    stream = job.stream
    asks = job.release.asks_on_conflict and job.lacks_own_key
    end = "\nON CONFLICT DO DEDUPLICATE\n;\n" if asks else "\n;\n"
    return insertion(stream, stream.name, query_text(stream)) + end


def query_text(stream: Stream) -> str:
    """The author's text, without a semicolon at its end."""
    return stream.sql.rstrip().removesuffix(";")


def insertion(stream: Stream, table: str, body: str) -> str:
    """An INSERT whose text from its second line on is the query.

    Flink writes rows with one event time; of a query that gives several, the others become plain.
    """
    head = f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, stream.columns))})"
    times = _times(stream)
    if len(times) < 2:
        return f"{head}\n{body}"
    kept = stream.event_time if stream.event_time in times else times[0]
    items = ", ".join(
        f"CAST({quoted(name)} AS {column.type}) AS {quoted(name)}"
        if name in times and name != kept
        else quoted(name)
        for name, column in stream.columns.items()
    )
    return f"{head} SELECT {items} FROM (\n{body}\n)"


def _times(stream: Stream) -> list[str]:
    """The columns that Flink takes for event times when it writes rows.

    After a window's table function it takes the time of the rows for one as well, though nothing
    can be computed by it any more.
    """
    times = stream.analysis.times
    if not times or "window" not in stream.features:
        return list(times)
    inputs = {(node, source.event_time) for node, source in stream.inputs.items()}
    return [
        name
        for name, column in stream.columns.items()
        if name in times
        or any(kind == "identity" and one in inputs for one, kind in column.edges.items())
    ]
