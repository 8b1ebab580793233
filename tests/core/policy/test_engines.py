"""An OPA beside or instead of the embedded engine: the same answers, and no failure is a pass."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from cdk_stream.policy import signature
from cdk_stream.policy.bundle import project_bundle
from cdk_stream.policy.choice import engine_for, named
from cdk_stream.policy.engine import EngineError, EntryPoint, RegoEngine
from cdk_stream.problems import Refused
from cdk_stream.resources.engine import Opa
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.decide import decide
from tests import opa

from .test_decide import COUNT, MANIFEST, bundle

DENY = EntryPoint(("stream", "rules", "a"), "deny")
WARN = DENY._replace(rule="warn")
LIBRARY = """package stream.lib

import data.params as all_params

big(n) if n > all_params.a.most
"""
POLICY = """package stream.rules.a

import data.stream.lib

deny contains id if {
	some id, node in input.nodes
	lib.big(count(node.columns))
}

warn contains name if {
	some name in object.keys(data.params)
	data["stream"]["lib"].big(9)
}
"""
DATA = {"params": {"a": {"most": 1}}}
HERE = Path()


@pytest.fixture(autouse=True)
def _engines_end_in_their_own_thread() -> Iterator[None]:
    """The engine must not be dropped by another thread: no collection while others run."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(params=["embedded", "opa", "server"])
def make(request: pytest.FixtureRequest) -> Callable[[], RegoEngine]:
    """Makes an engine of each kind."""
    if request.param == "embedded":
        return lambda: engine_for("embedded", HERE)
    if request.param == "opa":
        path = request.getfixturevalue("opa_path")
        return lambda: engine_for(Opa(opa=path), HERE)
    address = request.getfixturevalue("opa_server")
    return lambda: engine_for(Opa(server=f"http://{address}"), HERE)


def loaded(made: RegoEngine, *policies: str) -> RegoEngine:
    for number, text in enumerate(policies or (POLICY, LIBRARY)):
        made.read(f"policies/{number}.rego", text)
    return made


def test_answers_come_in_the_order_asked(make: Callable[[], RegoEngine]) -> None:
    made = loaded(make())
    assert made.evaluate(MANIFEST, DATA, [WARN, DENY]) == [["a"], ["model.a"]]
    assert made.evaluate(b"{}", DATA, [DENY, WARN]) == [[], ["a"]]
    assert made.evaluate(MANIFEST, {"params": {"a": {"most": 2}}}, [DENY]) == [[]]
    assert made.evaluate(MANIFEST, {}, [DENY]) == [[]]


def test_a_question_without_an_answer_is_an_error(make: Callable[[], RegoEngine]) -> None:
    with pytest.raises(EngineError, match="gave no answer"):
        loaded(make()).evaluate(MANIFEST, DATA, [DENY, DENY._replace(rule="else")])


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("deny contains x if {\n\tx := 1 / 0\n}", 3),
        ('deny contains to_number("x")', 2),
        ("deny contains x if y := 1", 2),
        ("deny contains upper(1, 2)", 2),
        ("a := 1 if input\na := 2 if input\ndeny contains a", 3),
    ],
)
def test_an_error_of_a_policy_has_its_place(
    rule: str, line: int, make: Callable[[], RegoEngine]
) -> None:
    made = loaded(make(), f"package stream.rules.a\n{rule}\n")
    with pytest.raises(EngineError) as caught:
        made.evaluate(MANIFEST, DATA, [DENY])
    assert caught.value.path == "policies/0.rego"
    assert abs(caught.value.line - line) <= 1  # of two that conflict, an engine names either
    assert caught.value.message


def test_engines_know_their_functions(make: Callable[[], RegoEngine]) -> None:
    assert {"sprintf", "graph.reachable", "print"} <= make().builtins()


def test_the_version_is_told(opa_path: str) -> None:
    assert engine_for(Opa(opa=opa_path), HERE).version == opa.VERSION.removeprefix("v")


def test_policies_are_asked_on_the_engine_that_the_project_names(opa_path: str) -> None:
    settings = PolicySettings(engine=Opa(opa=opa_path))
    (found,) = decide(MANIFEST, [bundle(COUNT)], settings, {"now": "x"}).decisions
    assert (found.node, found.message) == ("model.a", "too many")


def test_only_opa_has_some_functions(opa_path: str) -> None:
    rules = 'deny contains crypto.sha256("a")'
    settings = PolicySettings(engine=Opa(opa=opa_path))
    (found,) = decide(MANIFEST, [bundle(rules)], settings, {}).decisions
    assert found.message.startswith("ca978112")


def test_the_executable_sees_no_environment(opa_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_STREAM_SECRET", "x")
    made = loaded(
        engine_for(Opa(opa=opa_path), HERE),
        'package stream.rules.a\ndeny contains opa["runtime"]().env',
    )
    with pytest.raises(EngineError, match=r"undefined function opa\.runtime"):
        made.evaluate(MANIFEST, DATA, [DENY])


def script(folder: Path, text: str) -> str:
    path = folder / "opa"
    path.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import time; time.sleep(9)", "OPA gave no answer within 0.5 s"),
        ("raise SystemExit('out of memory')", "OPA failed: out of memory"),
        ("print('hello')", "is no OPA: it lists no capabilities"),
        ("""print('{"builtins": []}')""", "OPA gave no answer"),
        ("""print('{"builtins": [], "result": [{"expressions": [{"value": {}}]}]}')""", "every"),
    ],
)
def test_an_executable_that_fails_is_a_refusal(text: str, told: str, tmp_path: Path) -> None:
    settings = PolicySettings(engine=Opa(opa=script(tmp_path, text), timeout="500ms"))
    with pytest.raises(Refused, match=rf"CS710 the policies could not be evaluated: .*{told}"):
        decide(MANIFEST, [bundle('deny contains "x" if input.nodes')], settings, {})


def test_an_executable_that_is_not_there_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="there is no `opa` on PATH"):
        engine_for("opa", HERE)
    gone = engine_for(Opa(opa=str(tmp_path / "opa")), HERE)
    with pytest.raises(EngineError, match="cannot be run: No such file"):
        gone.builtins()


def test_a_project_does_not_bring_its_own_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    project = tmp_path / "streams"
    project.mkdir()
    for folder in (tmp_path, project):
        with pytest.raises(EngineError, match="must not bring its own judge"):
            engine_for(Opa(opa=script(folder, "")), project)
    monkeypatch.setenv("PATH", f"{project}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(EngineError, match="must not bring its own judge"):
        engine_for("opa", project)
    with pytest.raises(EngineError, match="is absolute, not 'bin/opa'"):
        engine_for(Opa(opa="bin/opa"), project)


def test_runs_on_one_server_do_not_meet(opa_server: str) -> None:
    made = [loaded(engine_for(Opa(server=f"http://{opa_server}"), HERE)) for _ in range(4)]
    answers: list[Any] = []

    def run(number: int) -> None:
        data = {"params": {"a": {"most": number}}}
        answers.append((number, made[number].evaluate(MANIFEST, data, [DENY])))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(0, [["model.a", "model.b"]]), (1, [["model.a"]])]


def test_nothing_is_left_on_the_server(opa_path: str) -> None:
    with opa.server() as address:
        good = loaded(engine_for(Opa(server=f"http://{address}"), HERE))
        good.evaluate(MANIFEST, DATA, [DENY])
        bad = loaded(engine_for(Opa(server=f"http://{address}"), HERE), POLICY)
        with pytest.raises(EngineError, match=r"undefined function data\.stream\.lib\.big"):
            bad.evaluate(MANIFEST, DATA, [DENY])
        assert answer(address, "policies") == {"result": []}
        assert answer(address, "data") == {"result": {}}


def answer(address: str, path: str) -> Any:
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET /v1/{path} HTTP/1.0\r\n\r\n".encode())
        parts = b"".join(iter(lambda: connection.recv(65536), b""))
    return orjson.loads(parts.partition(b"\r\n\r\n")[2])


def test_old_rego_is_not_rewritten_by_the_client(opa_server: str) -> None:
    old = "package stream.rules.a\n\ndeny[m] { m := 1 }\n"
    with pytest.raises(EngineError, match="`if` keyword is required"):
        loaded(engine_for(Opa(server=f"http://{opa_server}"), HERE), old)


def test_policies_that_use_each_other_cannot_be_lent(opa_server: str) -> None:
    made = engine_for(Opa(server=f"http://{opa_server}"), HERE)
    made.read("a.rego", "package stream.lib.a\nimport data.stream.lib.b\nx := b.y\n")
    made.read("b.rego", "package stream.lib.b\nimport data.stream.lib.a\ny := 1\nz := a.x\n")
    with pytest.raises(EngineError, match=r"a\.rego and b\.rego use each other"):
        made.evaluate(MANIFEST, DATA, [DENY])


@contextmanager
def listening(reply: bytes) -> Iterator[str]:
    """A server that gives every request the same reply, or with b"" none."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        held = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.recv(65536)
                if reply:
                    connection.sendall(reply)
                    connection.close()
                held.append(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for connection in held:
            connection.close()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"", "timed out"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "failed"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "failed|refused|no answer"),
        (b"HTTP/1.1 204 No\r\n\r\n", "failed|refused|no answer"),
        (b"not HTTP\r\n\r\n", "failed"),
    ],
)
def test_a_server_that_fails_is_a_refusal(reply: bytes, told: str) -> None:
    with listening(reply) as address:
        settings = PolicySettings(engine=Opa(server=address, timeout="500ms"))
        with pytest.raises(Refused, match=rf"CS710 the policies could not be evaluated: .*{told}"):
            decide(MANIFEST, [bundle(COUNT)], settings, {})


def test_a_server_that_is_not_there_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings = PolicySettings(engine=Opa(server=f"http://127.0.0.1:{port}"))
    with pytest.raises(Refused, match=r"CS710 .*Connection refused"):
        decide(MANIFEST, [bundle(COUNT)], settings, {})


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://opa.acme.test:8181", "is not encrypted"),
        ("https://opa.acme.test/base", "says more than"),
        ("https://user:secret@opa.acme.test", "says more than"),
        ("unix:///run/opa.sock", "is not the address of a server"),
        ("https://opa.acme.test:port", "has no valid port"),
    ],
)
def test_addresses_are_checked(address: str, told: str) -> None:
    with pytest.raises(EngineError, match=told):
        engine_for(Opa(server=address), HERE)


def test_an_unencrypted_server_can_be_allowed() -> None:
    assert engine_for(Opa(server="http://opa.acme.test", unencrypted=True), HERE).version == (
        "http://opa.acme.test:8181"
    )


def test_what_the_command_line_names() -> None:
    assert named("embedded") == "embedded"
    assert named("opa") == "opa"
    assert named("./opa") == Opa(opa=os.path.abspath("opa"))
    assert named("https://opa.acme.test") == Opa(server="https://opa.acme.test")


AUTHORITY = """package system.authz

default allow := false

allow if input.identity == "good"
"""


def test_the_token_goes_to_its_server_only(
    opa_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "authz.rego").write_text(AUTHORITY, encoding="utf-8")
    options = ["--authentication=token", "--authorization=basic", str(tmp_path / "authz.rego")]
    with opa.server(*options) as address:
        setting = Opa(server=f"http://{address}")
        monkeypatch.setenv("CDK_STREAM_OPA_TOKEN", "good")
        monkeypatch.setenv("CDK_STREAM_OPA_TOKEN_SERVER", "https://opa.acme.test")
        with pytest.raises(EngineError, match="request rejected"):
            loaded(engine_for(setting, HERE)).evaluate(MANIFEST, DATA, [DENY])
        monkeypatch.setenv("CDK_STREAM_OPA_TOKEN_SERVER", f"http://{address}/")
        assert loaded(engine_for(setting, HERE)).evaluate(MANIFEST, DATA, [DENY]) == [["model.a"]]


def test_tls_is_checked_against_the_ca_that_is_named(
    opa_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate with")
    for name in ("server", "other"):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-keyout", f"{name}.key", "-out", f"{name}.pem"),
            ],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
    options = [f"--tls-cert-file={tmp_path}/server.pem"]
    options += [f"--tls-private-key-file={tmp_path}/server.key"]
    with opa.server(*options) as address:
        trusting = Opa(server=f"https://{address}", ca="server.pem")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
        found = loaded(engine_for(trusting, tmp_path)).evaluate(MANIFEST, DATA, [DENY])
        assert found == [["model.a"]]
        for ca in (None, "other.pem"):
            strange = loaded(engine_for(Opa(server=f"https://{address}", ca=ca), tmp_path))
            with pytest.raises(EngineError, match="certificate verify failed"):
                strange.evaluate(MANIFEST, DATA, [DENY])
        with pytest.raises(EngineError, match=r"there is no file 'gone\.pem'"):
            engine_for(Opa(server=f"https://{address}", ca="gone.pem"), tmp_path)


def test_a_policy_of_the_project_is_known_by_its_own_path(opa_server: str) -> None:
    rules = "deny contains x if {\n\tx := 1 / count(input.nodes)\n}"
    policy = bundle(rules).modules["policies/size.rego"]
    settings = PolicySettings(engine=Opa(server=f"http://{opa_server}"))
    with pytest.raises(Refused, match=r"policies/size\.rego:\d+:\d+: CS710"):
        decide(b'{"nodes": {}}', [project_bundle({"policies/size.rego": policy})], settings, {})


def test_the_list_of_functions_is_opas(opa_path: str) -> None:
    """CDK_STREAM_WRITE=1 in the environment renews it."""
    said = subprocess.run(
        [opa_path, "capabilities", "--current"], capture_output=True, check=True
    ).stdout
    rows = [
        f" {orjson.dumps(known['name']).decode()}: {orjson.dumps(_types(known['decl'])).decode()}"
        for known in sorted(orjson.loads(said)["builtins"], key=lambda known: known["name"])
        if not (known.get("infix") or known.get("deprecated"))
        if not known["name"].startswith("internal.")
    ]
    real = "{\n" + ",\n".join(rows) + "\n}\n"
    if os.environ.get("CDK_STREAM_WRITE"):
        SIGNATURES.write_text(real, encoding="utf-8")
    assert SIGNATURES.read_text(encoding="utf-8") == real


SIGNATURES = Path(signature.__file__).with_name("opa_builtins.json")


def _types(declared: dict[str, Any]) -> list[str]:
    if "variadic" in declared:
        return ["...", "any"]
    result = _type(declared["result"]) if "result" in declared else "any"
    return [*(_type(argument) for argument in declared.get("args", ())), result]


def _type(said: dict[str, Any]) -> str:
    if said["type"] == "any" and said.get("of"):
        return "|".join(sorted({_type(one) for one in said["of"]}))
    kind: str = said["type"]
    return kind
