"""What an audit found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain

FORMAT = "cdk-stream/audit@1"

Json = Mapping[str, Any]


def render(rows: Iterable[Json]) -> str:
    """The rows as JSON."""
    return orjson.dumps({"format": FORMAT, "decisions": list(rows)}, option=OPTIONS).decode()


def render_text(rows: Iterable[Json]) -> str:
    """The rows for a terminal, a paragraph for each decision."""
    told = ["\n".join(_lines(row)) for row in rows]
    return "\n\n".join(told or ["no record answers that"]) + "\n"


def row(body: Json, data: Json, votes: Iterable[Json], place: str, digest: str) -> dict[str, Any]:
    """One owner who was asked in one decision, as plain data."""
    subject = body["subject"]
    verdict = body["verdict"]
    return {
        "time": body["time"],
        "project": body["project"],
        "state": body["state"],
        "pull_request": subject["number"],
        "url": subject.get("url", ""),
        "author": subject.get("author", ""),
        "commit": subject.get("merged") or subject["head"],
        "merged": bool(subject.get("merged")),
        "base": subject["base"],
        "owner": data["owner"],
        "node": data["node"],
        "category": data.get("category", ""),
        "columns": data["columns"],
        "classifications": data["classifications"],
        "files": data.get("files", []),
        "approved_by": [
            {key: vote.get(key, "") for key in ("login", "review", "commit", "submitted", "via")}
            for vote in votes
        ],
        "broken_glass": body["approvals"].get("broken_glass"),
        "overridden": body["approvals"].get("overridden", []),
        "policies": body["inputs"].get("policies", {}),
        "waived": [one["waiver"] for one in verdict.get("waived", [])],
        "record": {"place": place, "digest": digest},
    }


def _lines(row: Json) -> Iterator[str]:
    what = "merged as" if row["merged"] else "of"
    yield (
        f"{row['time']} {row['state']}: pull request #{row['pull_request']} of "
        f"{plain(row['author']) or 'nobody'}, {what} {row['commit'][:7]}"
    )
    if row["owner"]:
        about = plain(row["node"]) or ", ".join(map(plain, row["files"])) or "the project"
        kind = f"{row['category']} change of " if row["category"] else ""
        yield f"    asked: {plain(row['owner'])}, for a {kind}{about}".replace("a change", "change")
    if row["columns"] or row["classifications"]:
        columns = ", ".join(map(plain, row["columns"])) or "all columns"
        yield f"    data: {columns} ({', '.join(row['classifications']) or 'no class'})"
    for vote in row["approved_by"]:
        yield (
            f"    approved by {plain(vote['login'])} ({plain(vote['via'])}): review "
            f"{vote['review']} of {vote['commit'][:7]}, {vote['submitted']}"
        )
    if row["owner"] and not row["approved_by"]:
        yield "    approved by nobody"
    if glass := row["broken_glass"]:
        yield f"    glass broken by {plain(glass['login'])}: {plain(glass['reason'])}"
        yield from (f"    let pass: {plain(one)}" for one in row["overridden"])
    if row["waived"]:
        yield f"    waivers: {', '.join(map(plain, row['waived']))}"
    yield f"    policies: {len(row['policies'])} files, base {row['base'][:7]}"
    yield f"    record: {row['record']['place']}, sha256:{row['record']['digest'][:12]}"
