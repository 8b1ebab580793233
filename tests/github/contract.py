"""GitHub's published description of its API: every request and answer is held against it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.github.left_out import CONTRACT

PACKAGE = "@octokit/openapi@23.0.2"
_FILE = "package/generated/api.github.com.json"
_SHA256 = "829b4bebb19a53133289f7b0bc819f4f1118115821db2ca9f25e9ee995a7da2a"
_REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS = (
    ("GET", f"{_REPOSITORY}/branches/{{branch}}"),
    ("GET", f"{_REPOSITORY}/collaborators/{{username}}/permission"),
    ("GET", f"{_REPOSITORY}/commits/{{commit_sha}}/pulls"),
    ("GET", f"{_REPOSITORY}/compare/{{basehead}}"),
    ("DELETE", f"{_REPOSITORY}/issues/comments/{{comment_id}}"),
    ("PATCH", f"{_REPOSITORY}/issues/comments/{{comment_id}}"),
    ("GET", f"{_REPOSITORY}/issues/{{issue_number}}/comments"),
    ("POST", f"{_REPOSITORY}/issues/{{issue_number}}/comments"),
    ("GET", f"{_REPOSITORY}/pulls"),
    ("GET", f"{_REPOSITORY}/pulls/{{pull_number}}"),
    ("GET", f"{_REPOSITORY}/pulls/{{pull_number}}/commits"),
    ("POST", f"{_REPOSITORY}/pulls/{{pull_number}}/requested_reviewers"),
    ("GET", f"{_REPOSITORY}/pulls/{{pull_number}}/reviews"),
    ("POST", f"{_REPOSITORY}/statuses/{{sha}}"),
    ("GET", "/orgs/{org}/teams/{team_slug}"),
    ("GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}"),
    ("GET", "/user"),
)
"""All that we use of it, and so all that the double can do."""


SENT_ALL_THE_SAME = ("user", "head/repo")
"""GitHub sends null there for what was deleted, although the description of a pull request does
not allow it."""


class Breach(AssertionError):
    """Somebody said what the published API does not know."""


@dataclass(frozen=True)
class Match:
    """An operation that a request is of; `parameters` are those of the path."""

    method: str
    template: str
    parameters: Mapping[str, str]


class Contract:
    """The operations above, with all that they refer to."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        resource = DRAFT4.create_resource(document)
        self._registry: Any = Registry().with_resource("urn:github", resource)
        self._paths = [(method, path, _pattern(path)) for method, path in OPERATIONS]

    def match(self, method: str, path: str) -> Match:
        """The operation of a request."""
        for known, template, pattern in self._paths:
            if known == method and (found := pattern.fullmatch(path)):
                named = {name: unquote(text) for name, text in found.groupdict().items()}
                return Match(method, template, named)
        raise Breach(f"no operation of ours: {method} {path}")

    def check_request(self, match: Match, query: Mapping[str, str], body: Any) -> None:
        """Hold parameters and body to the description."""
        operation = self._operation(match)
        told = [self._deref(parameter) for parameter in operation.get("parameters", ())]
        known = {(each["in"], each["name"]): each["schema"] for each in told}
        for where, given in (("path", match.parameters), ("query", query)):
            for name, text in given.items():
                if (where, name) not in known:
                    raise Breach(f"{match.template} has no parameter '{name}' in its {where}")
                self._check(_typed(text, known[where, name]), known[where, name], name)
        wanted = operation.get("requestBody")
        if wanted is None and body is not None:
            raise Breach(f"{match.method} {match.template} takes no body")
        if wanted is not None:
            schema = wanted["content"]["application/json"]["schema"]
            self._check(body, schema, "body")
            extra = set(body or {}) - set(schema.get("properties", body or {}))
            if extra:
                raise Breach(f"{match.method} {match.template} knows no {sorted(extra)}")

    def check_answer(self, match: Match, status: int, body: Any) -> None:
        """Hold an answer to the description."""
        answers = self._operation(match)["responses"]
        if str(status) not in answers:
            if status in (401, 403, 404, 422, 429, 500, 502, 503):
                return  # any operation may fail so, whether it is told or not
            raise Breach(f"{match.method} {match.template} never answers {status}")
        content = self._deref(answers[str(status)]).get("content", {})
        if "application/json" in content:
            self._check(body, content["application/json"]["schema"], f"answer {status}")
        elif body is not None and status < 400:
            raise Breach(f"{match.method} {match.template} answers {status} without a body")

    def example(self, name: str) -> Any:
        """A copy of a published example."""
        return json.loads(json.dumps(self._document["components"]["examples"][name]["value"]))

    def _operation(self, match: Match) -> Any:
        return self._document["paths"][match.template][match.method.lower()]

    def _deref(self, thing: Any) -> Any:
        while "$ref" in thing:
            place: Any = self._document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            thing = place
        return thing

    def _check(self, value: Any, schema: Any, what: str) -> None:
        based = json.loads(json.dumps(schema).replace('"#/', '"urn:github#/'))
        validator = OAS30Validator(based, registry=self._registry)
        for error in validator.iter_errors(value):
            place = "/".join(str(step) for step in error.absolute_path)
            if error.instance is None and place in SENT_ALL_THE_SAME:
                continue
            raise Breach(f"{what} at '{place}': {error.message[:300]}")


def folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "cdk-stream" / f"octokit-openapi-{PACKAGE.rpartition('@')[2]}"


def load() -> Contract | None:
    """From the cache, or by npm; None when there is neither."""
    cached = folder() / f"api-{_key()}.json"
    if not cached.is_file():
        if not shutil.which("npm"):
            return None
        cached.parent.mkdir(parents=True, exist_ok=True)
        trimmed = json.dumps(_trim(_download()))
        with tempfile.NamedTemporaryFile("w", dir=cached.parent, delete=False) as file:
            file.write(trimmed)
        os.replace(file.name, cached)
    return Contract(json.loads(cached.read_text(encoding="utf-8")))


def _key() -> str:
    return hashlib.sha256(repr((OPERATIONS, _SHA256)).encode()).hexdigest()[:12]


def _download() -> Any:
    with tempfile.TemporaryDirectory() as directory:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", directory]
        subprocess.run(command, check=True, cwd=directory, stdout=subprocess.DEVNULL)
        (archive,) = Path(directory).glob("*.tgz")
        subprocess.run(["tar", "-xzf", archive, _FILE], check=True, cwd=directory)
        content = (Path(directory) / _FILE).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != _SHA256:
        raise AssertionError(f"{PACKAGE} is not what it was: {digest}")
    return json.loads(content)


def _trim(document: Any) -> Any:
    """Only the operations above: thirteen megabytes take half a second at every run."""
    kept: dict[str, Any] = {"paths": {}, "components": {}}
    for method, path in OPERATIONS:
        kept["paths"].setdefault(path, {})[method.lower()] = document["paths"][path][method.lower()]
    left = sorted(set(_references(kept)))
    while left:
        _, kind, name = left.pop().removeprefix("#/").split("/")
        if name in kept["components"].setdefault(kind, {}):
            continue
        kept["components"][kind][name] = document["components"][kind][name]
        left += _references(kept["components"][kind][name])
    return kept


def _references(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        if isinstance(thing.get("$ref"), str):
            yield thing["$ref"]
        for inner in thing.values():
            yield from _references(inner)
    elif isinstance(thing, list):
        for inner in thing:
            yield from _references(inner)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def _typed(text: str, schema: Any) -> Any:
    return int(text) if schema.get("type") == "integer" and text.isdecimal() else text


if __name__ == "__main__":
    if load() is None:
        sys.exit(CONTRACT)
