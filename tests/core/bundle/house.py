"""A platform team's repository of rules and a team's project that lists it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main

Shown = pytest.CaptureFixture[str]

RULE = """\
# METADATA
# title: Models say what they are for
# custom:
#   id: described
#   severity: error
#   params:
#     words: { type: integer, minimum: 0, default: 1, description: how many words at least }
#     tone: { type: string, default: plain }
package stream.rules.described

import data.stream.lib

deny contains finding if {
\tsome id, node in lib.models
\tcount(split(node.description, " ")) < data.params.described.words
\tfinding := {"node": id, "msg": sprintf("model '%s' says too little", [node.name])}
}

deny contains finding if {
\tsome id, node in lib.models
\tnot node.description
\tfinding := {"node": id, "msg": sprintf("model '%s' does not say what it is for", [node.name])}
}
"""
RULES = {
    "bundle.yml": "name: acme\nversion: 1.2.0\nrequired: all\n",
    "described.rego": RULE,
    "README.md": "read by people only\n",
    "templates/pii_basics.yml": """\
description: what every column with personal data is held to
params:
  column: { type: string, description: the column }
  longest: { type: integer, minimum: 1, default: 64 }
assertions:
  - not_null: { column: "{{ column }}" }
  - sql: "CHAR_LENGTH({{ column }}) <= {{ longest }}"
on_failure: { severity: warn }
""",
    "macros/personal.yml": """\
description: hidden from all but those named
params:
  columns: { type: array, items: { type: string } }
  roles: { type: array, default: [support] }
policies:
  - mask: { column: "{{ columns }}", method: mask_all }
  - allow: { roles: "{{ roles }}", columns: "{{ columns }}", purpose: care }
""",
}
PROJECT = """\
name: shop
default_cluster: prod
owners:
  team: { github: "@acme/team" }
governance: { owners: [team] }
roles:
  support: { group: support }
clusters:
  prod:
    region: EU
    kafka: { bootstrap_servers: "kafka:9092" }
    schema_registry: { url: "http://registry:8081" }
    gateway: { url: "http://gateway:8888", bootstrap_servers: "gateway:6969" }
"""
ORDERS = """\
sources:
  - name: orders_raw
    topic: orders.raw
    owner: team
    columns:
      - { name: id, type: STRING, nullable: false, classification: internal }
      - { name: email, type: STRING, classification: sensitive }
models:
  - name: orders
    owner: team
    description: orders as they come
    materialized: virtual_topic
    sql: SELECT id, email FROM {{ source("orders_raw") }}
"""
TESTS = """\
tests:
  - name: orders_have_an_id
    model: orders
    assertions:
      - not_null: { column: id }
"""


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def put(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, encoding="utf-8")


def commit(folder: Path, files: dict[str, str] | None = None, message: str = "x") -> str:
    """Commit everything; the id of the commit."""
    put(folder, files or {})
    if not (folder / ".git").is_dir():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


class House:
    """`rules` is the platform's repository, `project` the team's; the working directory."""

    def __init__(self, folder: Path, capsys: Shown) -> None:
        self.folder = folder
        self.rules = folder / "rules"
        self.project = folder / "shop"
        self._capsys = capsys
        self.first = commit(self.rules, RULES)
        put(self.project, {"models/orders.yml": ORDERS, "tests/orders.yml": TESTS})
        self.lists()

    @property
    def address(self) -> str:
        return f"file://{self.rules}"

    def lists(self, *bundles: str, **policies: Any) -> None:
        """Write the project file: each bundle as the text of its keys, and settings beside."""
        listed = "".join(f"    - {{ {bundle} }}\n" for bundle in bundles)
        said = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in policies.items())
        text = PROJECT + "policies:\n  waivers: {}\n" + said
        put(
            self.project, {"stream_project.yml": text + (f"  bundles:\n{listed}" if listed else "")}
        )

    def pinned(self, commit_id: str = "", **policies: Any) -> None:
        """List the rules at a commit, the first one when left out, and fetch them."""
        self.lists(f'git: "{self.address}", commit: {commit_id or self.first}', **policies)
        self.fetch()

    def run(self, *arguments: str) -> tuple[int, str]:
        code = main(list(arguments))
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def fetch(self, *arguments: str) -> str:
        code, said = self.run("policy", "fetch", *arguments)
        assert code == 0, said
        return said

    def verdict(self, *arguments: str) -> dict[str, Any]:
        code, said = self.run("check", "--format", "json", *arguments)
        found: dict[str, Any] = json.loads(said)
        assert code == (0 if found["passed"] else 1)
        return found

    def problems(self, *arguments: str) -> list[tuple[str, int, str, str]]:
        """File, line, code and message of everything wrong, notes left out."""
        return [
            (one["location"]["path"], one["location"].get("line", 0), one["code"], one["message"])
            for one in self.verdict(*arguments)["problems"]
            if one["severity"] == "error"
        ]

    def cached(self) -> list[Path]:
        return sorted(Path(os.environ["CDK_STREAM_CACHE"]).glob("bundles/*.objects"))
