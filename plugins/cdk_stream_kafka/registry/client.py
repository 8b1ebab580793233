"""The registry's API, as Confluent defined it and others speak it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote

from cdk_stream.plugin.rest import Reply, Rest, told
from cdk_stream.plugin.system import SystemFailed

T = TypeVar("T")
_SIDE_BY_SIDE = 8
_CONFLICT, _NOT_FOUND, _UNPROCESSABLE = 409, 404, 422
_ABSENT = (_NOT_FOUND,)


class Registry:
    """What the API answers, parsed; raises `SystemFailed`."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def subjects(self) -> set[str]:
        """Every subject that is not deleted."""
        return {str(name) for name in self._rest.read("subjects", list)}

    def latest(self, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """The latest version of each subject; one request where the registry lists schemas."""
        wanted = set(names)
        if not wanted:
            return {}
        reply = self._rest.get("schemas", latestOnly="true")
        if isinstance(reply.body, list):
            listed = {str(one["subject"]): one for one in reply.body if "subject" in one}
            missing = wanted - listed.keys()
        elif reply.status in (404, 405, 501):
            listed, missing = {}, wanted
        else:
            raise self._rest.refused("GET schemas", reply)
        single = self._side_by_side(missing, self.newest)
        return {name: listed[name] for name in wanted & listed.keys()} | {
            name: one for name, one in single.items() if one is not None
        }

    def newest(self, subject: str) -> Mapping[str, Any] | None:
        """The latest version of one subject."""
        return self._one(self._rest.get(f"subjects/{quote(subject, safe='')}/versions/latest"))

    def version(self, subject: str, schema: Mapping[str, Any]) -> int | None:
        """Which version of the subject is this schema."""
        reply = self._rest.ask(
            "POST", f"subjects/{quote(subject, safe='')}", dict(schema), normalize="true"
        )
        found = self._one(reply)
        return None if found is None else int(found["version"])

    def versions(self, schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, int | None]:
        """The same for several subjects, a few at a time."""
        return self._side_by_side(schemas, lambda name: self.version(name, schemas[name]))

    def levels(self, subjects: Iterable[str]) -> dict[str, str | None]:
        """The levels of compatibility; no registry lists them, so a few are asked at a time."""
        return self._side_by_side(subjects, self.level)

    def level(self, subject: str) -> str | None:
        """The level that is set for a subject; None where the registry's own holds."""
        found = self._one(self._rest.get(f"config/{quote(subject, safe='')}"))
        return None if found is None else str(found.get("compatibilityLevel", "")).upper()

    def set_level(self, subject: str, level: str) -> None:
        """Set how new versions of a subject are judged."""
        path = f"config/{quote(subject, safe='')}"
        reply = self._rest.write("PUT", path, {"compatibility": level})
        if not reply.ok:
            raise self._rest.refused(f"the compatibility {level} for '{subject}'", reply)

    def drop_level(self, subject: str) -> None:
        """Let the registry's own level hold again."""
        reply = self._rest.write("DELETE", f"config/{quote(subject, safe='')}")
        if not reply.ok and reply.status not in _ABSENT:
            raise self._rest.refused(f"to take back the compatibility of '{subject}'", reply)

    def register(self, subject: str, schema: Mapping[str, Any]) -> None:
        """A new version, unless it is one already."""
        path = f"subjects/{quote(subject, safe='')}/versions"
        reply = self._rest.write("POST", path, dict(schema))
        if reply.status == _CONFLICT:
            raise self._incompatible(subject, schema, reply)
        if not reply.ok:
            what = "the schema of" if reply.status == _UNPROCESSABLE else "a version of"
            raise self._rest.refused(f"{what} '{subject}'", reply)

    def delete(self, subject: str) -> None:
        """Delete a subject so that it can be brought back."""
        reply = self._rest.write("DELETE", f"subjects/{quote(subject, safe='')}")
        if not reply.ok and reply.status not in _ABSENT:
            raise self._rest.refused(f"to delete '{subject}'", reply)

    def close(self) -> None:
        """Let go of connections."""
        self._rest.close()

    def _incompatible(
        self, subject: str, schema: Mapping[str, Any], refusal: Reply
    ) -> SystemFailed:
        path = f"compatibility/subjects/{quote(subject, safe='')}/versions/latest"
        judged = self._rest.ask("POST", path, dict(schema), verbose="true").body
        reasons = judged.get("messages") if isinstance(judged, dict) else None
        why = "; ".join(map(str, reasons or ())) or told(refusal)
        return SystemFailed(
            f"the schema registry refuses the new schema of '{subject}': {why}",
            "make the change compatible, give the model a new version, or say another "
            "`compatibility` in its contract",
        )

    def _one(self, reply: Reply) -> Mapping[str, Any] | None:
        if reply.status in _ABSENT:
            return None
        if not reply.ok or not isinstance(reply.body, dict):
            raise self._rest.refused("a question about a subject", reply)
        return reply.body

    def _side_by_side(self, names: Iterable[str], ask: Callable[[str], T]) -> dict[str, T]:
        asked = sorted(names)
        if len(asked) < 2:
            return {name: ask(name) for name in asked}
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            return dict(zip(asked, pool.map(ask, asked), strict=True))
