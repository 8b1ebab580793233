"""A schema registry that answers as Confluent's does; it judges no compatibility by itself."""

from __future__ import annotations

import json
from typing import Any

import httpx


class RegistryDouble:
    """Keeps subjects and levels; `lists` says whether it can list all schemas."""

    def __init__(self, lists: bool = True) -> None:
        self.lists = lists
        self.subjects: dict[str, list[dict[str, Any]]] = {}
        self.levels: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.refuses: tuple[str, ...] = ()
        """Why the next schemas are incompatible."""

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [
            (method, path)
            for method, path in self.asked
            if method in ("PUT", "DELETE") or path.endswith("/versions")
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append((request.method, path))
        body = json.loads(request.content) if request.content else {}
        steps = path.strip("/").split("/")
        match request.method, steps:
            case "GET", ["subjects"]:
                return httpx.Response(200, json=sorted(self.subjects))
            case "GET", ["schemas"]:
                latest = [versions[-1] for versions in self.subjects.values()]
                return httpx.Response(200, json=latest) if self.lists else httpx.Response(404)
            case "GET", ["subjects", name, "versions", "latest"]:
                return self._of(name, lambda versions: versions[-1])
            case "POST", ["subjects", name]:
                return self._find(name, body)
            case "POST", ["subjects", name, "versions"]:
                return self._register(name, body)
            case "POST", ["compatibility", *_]:
                told = {"is_compatible": False, "messages": list(self.refuses)}
                return httpx.Response(200, json=told)
            case "DELETE", ["subjects", name]:
                gone = self.subjects.pop(name, None)
                return _missing(40401) if gone is None else httpx.Response(200, json=[1])
            case method, ["config", name]:
                return self._config(method, name, body)
        return httpx.Response(404)

    def _of(self, name: str, pick: Any) -> httpx.Response:
        versions = self.subjects.get(name)
        return _missing(40401) if not versions else httpx.Response(200, json=pick(versions))

    def _find(self, name: str, body: Any) -> httpx.Response:
        for one in self.subjects.get(name, ()):
            if json.loads(one["schema"]) == json.loads(body["schema"]):
                return httpx.Response(200, json=one)
        return _missing(40403)

    def _register(self, name: str, body: Any) -> httpx.Response:
        if self.refuses:
            return httpx.Response(409, json={"error_code": 409, "message": "incompatible"})
        if self._find(name, body).status_code == 404:
            versions = self.subjects.setdefault(name, [])
            made = {"subject": name, "version": len(versions) + 1, "schema": body["schema"]}
            if body["schemaType"] != "AVRO":  # the default is left out
                made["schemaType"] = body["schemaType"]
            versions.append(made)
        return httpx.Response(200, json={"id": 1})

    def _config(self, method: str, name: str, body: Any) -> httpx.Response:
        if method == "PUT":
            self.levels[name] = body["compatibility"]
            return httpx.Response(200, json=body)
        level = self.levels.pop(name, None) if method == "DELETE" else self.levels.get(name)
        told = {"compatibilityLevel": level}
        return _missing(40408) if level is None else httpx.Response(200, json=told)


def _missing(code: int) -> httpx.Response:
    return httpx.Response(404, json={"error_code": code, "message": "not found"})
