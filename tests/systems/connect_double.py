"""Kafka Connect's API in memory: connectors, states, and what its validation echoes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import httpx

CLASS = "com.acme.Sink"


class ConnectDouble:
    """`fails` names the trace of every task; `rebalances` puts so many requests off."""

    def __init__(self) -> None:
        self.connectors: dict[str, dict[str, Any]] = {}
        self.states: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.errors: dict[str, str] = {}
        """Setting -> what validation says about it."""
        self.fails = ""
        self.tasks = 1
        self.rebalances = 0

    @property
    def writes(self) -> list[str]:
        return [
            f"{method} {path}"
            for method, path in self.asked
            if method != "GET" and "validate" not in path
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = unquote(request.url.path)
        self.asked.append((request.method, path))
        body = json.loads(request.content) if request.content else {}
        if self.rebalances and request.method != "GET":
            self.rebalances -= 1
            told = "Cannot complete request momentarily due to stale configuration (rebalancing)"
            return httpx.Response(409, json={"error_code": 409, "message": told})
        match request.method, path.strip("/").split("/"):
            case "GET", ["connectors"]:
                shown = {
                    name: {"info": {"config": config}, "status": self._status(name)}
                    for name, config in self.connectors.items()
                }
                return httpx.Response(200, json=shown)
            case "GET", ["connector-plugins"]:
                return httpx.Response(200, json=[{"class": CLASS, "type": "sink"}])
            case "PUT", ["connector-plugins", class_, "config", "validate"]:
                return self._validate(class_, body)
            case "POST", ["connectors"]:
                return self._create(body)
            case method, ["connectors", name, *verb]:
                return self._one(method, name, "/".join(verb), body)
        return httpx.Response(404, json={"error_code": 404, "message": "not found"})

    def _create(self, body: Any) -> httpx.Response:
        if body["name"] in self.connectors:
            told = f"Connector {body['name']} already exists"
            return httpx.Response(409, json={"error_code": 409, "message": told})
        self.connectors[body["name"]] = {**body["config"], "name": body["name"]}
        self.states[body["name"]] = body.get("initial_state", "RUNNING")
        return httpx.Response(201, json=body)

    def _validate(self, class_: str, body: Any) -> httpx.Response:
        if class_ != CLASS:
            return httpx.Response(500, json={"message": f"no {class_}; there are {CLASS}"})
        told = [
            {"value": {"name": name, "value": body.get(name), "errors": [error] * bool(error)}}
            for name, error in self.errors.items()
        ]
        return httpx.Response(200, json={"error_count": len(told), "configs": told})

    def _one(self, method: str, name: str, verb: str, body: Any) -> httpx.Response:
        if name not in self.connectors:
            return httpx.Response(404, json={"error_code": 404, "message": "not found"})
        match method, verb:
            case "GET", "":
                return httpx.Response(200, json={"config": self.connectors[name]})
            case "GET", "status":
                return httpx.Response(200, json=self._status(name))
            case "PUT", "config":
                self.connectors[name] = {**body, "name": name}
                return httpx.Response(200, json={})
            case "PUT", "resume":
                self.states[name] = "RUNNING"
            case "PUT", "pause":
                self.states[name] = "PAUSED"
            case "DELETE", "":
                del self.connectors[name]
                return httpx.Response(204)
        return httpx.Response(202)

    def _status(self, name: str) -> dict[str, Any]:
        state = self.states[name]
        tasks: list[dict[str, Any]] = []
        if state != "STOPPED":
            failed = {"state": "FAILED", "trace": self.fails} if self.fails else {"state": state}
            tasks = [{"id": number, **failed} for number in range(self.tasks)]
        return {"name": name, "connector": {"state": state}, "tasks": tasks}
