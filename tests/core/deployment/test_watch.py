"""What continuous tests find is acted on: told, paused, committed, and not twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main
from cdk_stream.deployment.file_store import FileStore
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.results.violation import Violation
from cdk_stream.workflow.alert import send
from cdk_stream.workflow.react import Watcher
from cdk_stream.workflow.violated import events
from tests.core.deployment import plugin
from tests.core.deployment.repository import git

TEST = """\
tests:
  - name: m0_fine
    model: m0
    owner: shop
    continuous: true
    assertions:
      - not_null: { column: amount }
    on_failure:
      severity: warn
      actions:
        - send_alert: "${env:ALERTS}"
        - pause_model: true
"""


class Log:
    """A topic in memory; what is not committed is read again."""

    def __init__(self) -> None:
        self.rows: list[Violation] = []
        self.commits = 0

    def read(self) -> list[Violation]:
        return list(self.rows)

    def since(self, seconds: float) -> list[Violation]:
        return [one for one in self.rows if one.seconds > seconds]

    def commit(self) -> None:
        self.commits += 1
        self.rows.clear()

    def close(self) -> None:
        pass


class Hook:
    """A webhook on loopback."""

    def __init__(self, answer: int = 200) -> None:
        self.told: list[Any] = []
        self.answer = answer
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                hook.told.append((self.path, json.loads(self.rfile.read(length))))
                self.send_response(hook.answer)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.close()


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    plugin.violations.append(made)
    yield made
    plugin.violations.clear()


@pytest.fixture
def deployed(project: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Path:
    (project / "tests").mkdir(exist_ok=True)
    (project / "tests" / "m0.yml").write_text(TEST)
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "watch m0")
    monkeypatch.setenv("ALERTS", f"{hook.url}/a?b=c")
    assert main(["deploy", "--environment", "dev", "--commit", "HEAD"]) == 0
    return project


def violation(at: str = "2026-01-01T00:00:00Z", test: str = "m0_fine") -> Violation:
    return Violation(test, "not_null: amount", "m0", '{"id":"1"}', "", at)


def test_what_one_test_finds_within_five_minutes_is_one_event() -> None:
    at = ["2026-01-01T00:04:00Z", "2026-01-01 00:01:00", "2026-01-01T00:06:00Z", "never"]
    found = events(map(violation, at), set())
    assert [event.count for event in found.values()] == [2, 1, 1]
    assert found["m0_fine", 1767225600 // 300].first.at == "2026-01-01 00:01:00"
    assert list(events(map(violation, at[:3]), set(found))) == []


def test_an_alert_is_sent_once_and_committed(deployed: Path, log: Log, hook: Hook) -> None:
    log.rows += [violation(), violation()]
    watcher = Watcher(deployed, "dev", {"ALERTS": f"{hook.url}/a?b=c"})
    assert watcher.turn().failed == []
    ((path, body),) = hook.told
    assert path == "/a?b=c"
    assert (body["project"], body["environment"], body["severity"]) == ("shop", "dev", "warn")
    assert (body["violations"], body["first"]["key"]) == (2, '{"id":"1"}')
    assert (log.commits, watcher.counts) == (1, {"m0_fine": 2})
    log.rows.append(violation())
    watcher.turn()
    assert len(hook.told) == 1
    assert (log.commits, watcher.counts) == (2, {"m0_fine": 3})


def test_a_warning_pauses_nothing(deployed: Path, log: Log) -> None:
    log.rows.append(violation())
    told = Watcher(deployed, "dev", {"ALERTS": "https://[::1"}).turn().told
    assert not any("pause" in line for line in told)


def test_a_dead_webhook_holds_nothing_up(
    deployed: Path, log: Log, hook: Hook, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.answer = 500
    log.rows.append(violation())
    assert main(["watch", "--environment", "dev", "--once"]) == 1
    error = capsys.readouterr().err
    assert "nobody was told" in error
    assert "/a?b" not in error
    assert log.commits == 1


def test_a_test_that_is_not_deployed_is_only_told(deployed: Path, log: Log, hook: Hook) -> None:
    log.rows.append(violation(test="gone"))
    done = Watcher(deployed, "dev", {}).turn()
    assert done.told == ["'gone' is no test of what is deployed: 1 violations"]
    assert (hook.told, log.commits) == ([], 1)


def test_without_a_reader_of_the_topic_nothing_is_fine(
    deployed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["watch", "--environment", "dev", "--once"]) == 1
    assert "CS898 no plugin reads 'shop.violations'" in capsys.readouterr().err


def test_slack_gets_a_text_and_a_channel(hook: Hook) -> None:
    (event,) = events([violation()], set()).values()
    about = {"project": "a<b", "environment": "dev", "severity": "error"}
    send("slack://#alerts", event, about, lambda _: f"{hook.url}/services/T")
    ((_, body),) = hook.told
    assert body["channel"] == "#alerts"
    assert body["text"].startswith("[error] a&lt;b in dev: test m0_fine found 1 violations in m0")


@pytest.mark.parametrize(
    "target", ["http://example.com/x", "ftp://127.0.0.2/x", "nowhere", "https://[::1"]
)
def test_an_alert_goes_nowhere_in_the_clear(target: str) -> None:
    (event,) = events([violation()], set()).values()
    with pytest.raises(SystemFailed, match="https"):
        send(target, event, {}, lambda text: text)


@pytest.mark.parametrize("row", [None, 1, {}, {"test": 1, "assertion": "", "model": "", "at": ""}])
def test_what_is_no_violation_is_passed_over(row: object) -> None:
    assert Violation.read(row) is None


def test_a_blocking_test_lets_only_its_model_change(
    deployed: Path, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    blocking = TEST.replace("pause_model", "block_deploy")
    change(deployed, "tests/m0.yml", TEST, blocking)
    change(deployed, "models/m1.yml", "* 2", "* 3")
    log.rows.append(violation("2999-01-01T00:00:00Z"))
    deploy = ["deploy", "--environment", "dev", "--commit", "HEAD"]
    assert main(deploy) == 1
    assert "CS899 test 'm0_fine' found rows of 'm0'" in capsys.readouterr().err
    change(deployed, "models/m0.yml", "* 2", "* 3")
    assert main(deploy) == 0


def test_what_was_found_before_the_last_deploy_blocks_nothing(deployed: Path, log: Log) -> None:
    change(deployed, "tests/m0.yml", TEST, TEST.replace("pause_model", "block_deploy"))
    change(deployed, "models/m1.yml", "* 2", "* 3")
    log.rows.append(violation("2020-01-01T00:00:00Z"))
    assert main(["deploy", "--environment", "dev", "--commit", "HEAD"]) == 0


def change(project: Path, file: str, old: str, new: str) -> None:
    text = (project / file).read_text(encoding="utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new), encoding="utf-8")
    git(project, "commit", "--quiet", "--all", "--message", "change")


def test_a_pause_that_fails_comes_again_and_then_is_told_once(
    deployed: Path, log: Log, hook: Hook
) -> None:
    change(deployed, "tests/m0.yml", "severity: warn", "severity: error")
    assert main(["deploy", "--environment", "dev", "--commit", "HEAD"]) == 0
    log.rows.append(violation())
    watcher = Watcher(deployed, "dev", {"ALERTS": hook.url})
    lease = FileStore(deployed / ".cdk-stream" / "dev").acquire("somebody", 60)
    assert "'m0' goes on: another deploy" in watcher.turn().failed[0]
    assert (hook.told, log.commits) == ([], 0)
    lease.release()
    told = watcher.turn().told
    assert told[1:] == ["paused 'm0'", "told '${env:ALERTS}'"]
    assert (len(hook.told), log.commits) == (1, 1)
