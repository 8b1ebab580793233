"""A schema registry, asked for the versions of a subject."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.tree import PROJECT_FILE

_SUFFIX = {"AVRO": ".avsc", "JSON": ".json", "PROTOBUF": ".proto"}
_TIMEOUT_S = 20


def newest_schema(url: str, subject: str) -> tuple[str, str]:
    """(file suffix, schema text) of a subject's newest version.

    Asks `GET /subjects/{subject}/versions/latest` of the Confluent registry API.
    Raises `Refused` (CS801 unreachable, CS802 no such subject or no such kind of schema).
    """
    return _schema(_asked(url, subject, "/latest"), subject)


def every_schema(url: str, subject: str) -> Iterator[tuple[int, str, str]]:
    """(version, file suffix, schema text) of every version that the registry keeps.

    Raises as `newest_schema` does.
    """
    numbers = _asked(url, subject, "")
    if not isinstance(numbers, list) or not all(isinstance(one, int) for one in numbers):
        raise _refused("CS802", f"the registry's answer for '{subject}' is no list of versions")
    for number in numbers:
        yield (number, *_schema(_asked(url, subject, f"/{number}"), subject))


def _asked(url: str, subject: str, version: str) -> Any:
    path = f"/subjects/{urllib.parse.quote(subject, safe='')}/versions{version}"
    address = url.rstrip("/") + path
    if not address.startswith(("http://", "https://")):
        raise _refused("CS801", f"'{url}' is not the address of a registry")
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise _refused("CS802", f"the registry has no subject '{subject}' ({error.code})") from None
    except (OSError, ValueError) as error:
        raise _refused("CS801", f"the registry at {url} cannot be asked: {error}") from None


def _schema(found: Any, subject: str) -> tuple[str, str]:
    known = found if isinstance(found, dict) else {}
    suffix = _SUFFIX.get(known.get("schemaType", "AVRO"))
    schema = known.get("schema")
    if suffix is None or not isinstance(schema, str):
        raise _refused("CS802", f"the registry's answer for '{subject}' is not a schema")
    return suffix, _readable(schema) if suffix != ".proto" else schema


def _readable(schema: str) -> str:
    try:
        return json.dumps(json.loads(schema), indent=2) + "\n"
    except ValueError:
        return schema


def _refused(code: str, message: str) -> Refused:
    return Refused([Problem(Location(PROJECT_FILE), code, message)])
