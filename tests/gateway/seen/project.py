"""A project whose folder says what each account must see; brought onto a Gateway of its own."""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.gateway.double.resolve import Body
from tests.gateway.files import Made, compile_folder, made_of
from tests.gateway.seen.stand import Client, Stand

_ADMIN = "seen-admin"
_API = "gateway/v2"


class Seen:
    """A project on a stand, in a virtual cluster that nobody else uses."""

    def __init__(self, name: str, folder: Path, stand: Stand) -> None:
        self.name = name
        self.stand = stand
        self.cluster = f"seen{uuid.uuid4().hex[:8]}"
        self._made = _compiled(folder, self.cluster)
        self.expected: Any = yaml.safe_load((folder / "seen.yml").read_text(encoding="utf-8"))
        self.accounts = sorted({*self._accounts()})

    def deploy(self) -> None:
        """Everything that the project compiles to, in the order in which it stands on itself."""
        self.stand.put(self._virtual_cluster())
        for account in (_ADMIN, *self.accounts):
            self.stand.put(
                _body("GatewayServiceAccount", account, {"type": "LOCAL"}, vCluster=self.cluster)
            )
        for kind in ("group", "interceptor"):
            for made in self._of(kind):
                assert self.stand.put(made.spec) == "CREATED"

    def deploy_again(self) -> set[str]:
        return {self.stand.put(m.spec) for kind in ("group", "interceptor") for m in self._of(kind)}

    def fill(self) -> None:
        """The rows of `written`, each topic by the account that may write it."""
        written = self.expected["written"]
        self.client(_ADMIN).create(*written)
        writers = self.expected.get("written_by", {})
        for topic, rows in written.items():
            client = self.client(writers.get(topic, _ADMIN))
            client.write(topic, [json.dumps(row).encode() for row in rows])

    def client(self, account: str) -> Client:
        return self.stand.log_in(account, self.cluster)

    def groups_of(self, account: str) -> list[str]:
        return [
            made.name
            for made in self._of("group")
            if account in {member["name"] for member in made.spec["spec"]["members"]}
        ]

    def consumer_group(self, account: str) -> str:
        """The group that the account may read with; one that it may not when it has none."""
        for made in self._of("gateway_acl"):
            for entry in made.spec["acls"]:
                is_its = made.spec["principal"] == f"User:{account}"
                if is_its and entry["resource_type"] == "GROUP":
                    return str(entry["name"])
        return "nobodys-group"

    def _of(self, kind: str) -> list[Made]:
        return [made for made in self._made if made.kind == kind]

    def _accounts(self) -> Iterator[str]:
        for topic in self.expected["seen"].values():
            yield from topic
        yield from self.expected.get("written_by", {}).values()
        for group in self._of("group"):
            yield from (member["name"] for member in group.spec["spec"]["members"])

    def _virtual_cluster(self) -> Body:
        acls = [
            {
                "resourcePattern": {
                    "resourceType": entry["resource_type"],
                    "name": entry["name"],
                    "patternType": entry["pattern_type"],
                },
                "principal": made.spec["principal"],
                "host": "*",
                "operation": entry["operation"],
                "permissionType": "ALLOW",
            }
            for made in self._of("gateway_acl")
            for entry in made.spec["acls"]
        ]
        spec = {"aclEnabled": True, "aclMode": "REST_API", "superUsers": [_ADMIN], "acls": acls}
        return _body("VirtualCluster", self.cluster, spec)


def _body(kind: str, name: str, spec: Body, **metadata: str) -> Body:
    return {
        "kind": kind,
        "apiVersion": _API,
        "metadata": {"name": name, **metadata},
        "spec": spec,
    }


def _compiled(folder: Path, cluster: str) -> list[Made]:
    """The artefacts, with the virtual cluster `seen` renamed."""
    with tempfile.TemporaryDirectory() as outer:
        temporary = Path(shutil.copytree(folder, Path(outer) / folder.name))
        path = temporary / "stream_project.yml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("virtual_cluster: seen", f"virtual_cluster: {cluster}"))
        compiled = compile_folder(temporary)
        assert compiled.compilation.ok, compiled.compilation.problems
        return made_of(compiled)
