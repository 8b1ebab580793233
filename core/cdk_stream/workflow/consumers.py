"""Live consumer groups, as brokers tell them, or a file in whichever way it was written."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cdk_stream.deployment.secrets import Resolver
from cdk_stream.plugin.live import Live
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.results.consumer import LiveGroup, LiveGroups
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import PROJECT_FILE, WorkTree

MAX_BYTES = 64 * 1024 * 1024
_MEND = "give JSON, CSV with group,topic, or what 'kafka-consumer-groups.sh --describe' prints"


def read_groups(path: Path) -> tuple[LiveGroup, ...]:
    """Sorted, each group and topic once; raises `Usage` without the file, `Refused` (CS930)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Usage(f"'{path}' is larger than {MAX_BYTES // 1024 // 1024} MB")
        text = path.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise Usage(f"cannot read '{path}': {error.strerror}") from None
    start = text.lstrip()[:1]
    if start in ("[", "{"):
        found = _json(text, path)
    elif "," in text.partition("\n")[0]:
        found = _csv(text, path)
    else:
        found = _described(text, path)
    return merged(found)


def live_groups(root: Path, environ: Mapping[str, str]) -> LiveGroups:
    """What the brokers of the project's clusters know now; raises `Refused` (CS931)."""
    project = Loader(WorkTree(root)).project()
    plugins, secrets = Live.load(project.plugins), Resolver(environ)
    clusters = [name for name, place in project.clusters.items() if place.kafka is not None]
    if not clusters:
        raise Usage("no cluster of the project has 'kafka:'\n    give --consumers a file")
    found: list[LiveGroup] = []
    for cluster in clusters:
        try:
            found += plugins.observe_consumers(project, cluster, secrets)
        except SystemFailed as failure:
            message = f"the consumer groups of '{cluster}' are not known: {failure}"
            mend = failure.mend or "give --consumers a file"
            raise Refused([Problem(Location(PROJECT_FILE), "CS931", message, mend)]) from failure
    return LiveGroups(merged(found), f"the brokers of {', '.join(clusters)}")


def merged(groups: Iterable[LiveGroup]) -> tuple[LiveGroup, ...]:
    """One for each group and topic; members are added up, unknown ones stay unknown."""
    found: dict[tuple[str, str], LiveGroup] = {}
    for one in groups:
        known = found.get((one.group, one.topic))
        if known is not None:
            counts = [n for n in (known.members, one.members) if n is not None]
            principals = tuple(sorted({*known.principals, *one.principals}))
            members = sum(counts) if counts else None
            found[one.group, one.topic] = LiveGroup(one.group, one.topic, members, principals)
        else:
            found[one.group, one.topic] = one
    return tuple(found[key] for key in sorted(found))


def _json(text: str, path: Path) -> Iterator[LiveGroup]:
    """A list, `{"groups": [...]}`, or an object on each line."""
    try:
        try:
            data = json.loads(text)
        except ValueError:
            data = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise _refused(path, 0, f"it is not JSON: {error}") from None
    listed = data.get("groups", [data]) if isinstance(data, dict) else data
    if not isinstance(listed, list):
        raise _refused(path, 0, "'groups' is not a list")
    for at, one in enumerate(listed, 1):
        if not isinstance(one, dict):
            raise _refused(path, 0, f"entry {at} is not an object")
        yield _group(one, path, 0, f"entry {at}")


def _csv(text: str, path: Path) -> Iterator[LiveGroup]:
    try:
        lines = csv.DictReader(text.splitlines())
        for row in lines:
            named = {str(key).strip().lower(): value for key, value in row.items() if key}
            yield _group(named, path, lines.line_num, "the line")
    except csv.Error as error:
        raise _refused(path, 0, f"it is not CSV: {error}") from None


def _group(row: dict[str, Any], path: Path, line: int, what: str) -> LiveGroup:
    group, topic = row.get("group"), row.get("topic")
    if not isinstance(group, str) or not isinstance(topic, str) or not group or not topic:
        raise _refused(path, line, f"{what} has no 'group' and 'topic'")
    members = row.get("members")
    if members in ("", None):
        count = None
    elif str(members).strip().isdigit() and not isinstance(members, bool):
        count = int(members)
    else:
        raise _refused(path, line, f"'members' of {what} is no number")
    accounts = row.get("principals") or row.get("principal") or ()
    listed = accounts.split(";") if isinstance(accounts, str) else accounts
    return LiveGroup(group.strip(), topic.strip(), count, tuple(sorted(map(_account, listed))))


def _account(principal: Any) -> str:
    return str(principal).strip().removeprefix("User:")


def _described(text: str, path: Path) -> Iterator[LiveGroup]:
    """`GROUP TOPIC PARTITION ...`, the groups one after the other; `-` is nothing."""
    columns: dict[str, int] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0] == "Consumer" or words[:2] == ["Error:", "Consumer"]:
            continue  # "Consumer group 'x' has no active members."
        if words[0] == "GROUP":
            columns = {name: at for at, name in enumerate(words)}
        elif not {"GROUP", "TOPIC"} <= columns.keys():
            raise _refused(path, number, "there is no header with GROUP and TOPIC before this line")
        elif len(words) > columns["TOPIC"] and words[columns["TOPIC"]] != "-":
            place = words[columns["GROUP"]], words[columns["TOPIC"]]
            at = columns.get("CONSUMER-ID", len(words))
            who = words[at] if at < len(words) else "-"
            seen.setdefault(place, set()).update({who} - {"-"})
    for (group, topic), members in seen.items():
        yield LiveGroup(group, topic, len(members))


def _refused(path: Path, line: int, message: str) -> Refused:
    return Refused([Problem(Location(path.name, line), "CS930", message, _MEND)])
