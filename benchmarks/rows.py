"""What running rows costs: the example on 10,000 rows per source, and one model on a few rows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from measure import Sample, interleaved, sample

EXAMPLE = Path(__file__).parents[1] / "examples" / "fraud"
ROWS, TESTS = 10_000, 100
_ONE_TEST = """\
  - name: case_{number}
    type: unit
    model: card_payments_fraud_events
    given:
      - input: card_payments_clean
        csv: |
          payment_id,customer_id,amount_cents,currency,status,card_network,event_time
          p-1,c-1,1,EUR,CAPTURED,VISA,2026-01-05T10:00:00Z
          p-2,c-1,1,EUR,CAPTURED,VISA,2026-01-05T10:00:01Z
          p-3,c-1,1,EUR,CAPTURED,VISA,2026-01-05T10:00:00Z
          p-4,c-2,1,EUR,CAPTURED,VISA,2026-01-05T10:00:02Z
      - input: customer_risk_profile
        rows: [{{ customer_id: c-1, risk_band: LOW, updated_at: "2026-01-05T09:00:00Z" }}]
    expect: {{ rows: [{{ payment_id: p-1 }}, {{ payment_id: p-2 }}, {{ payment_id: p-3 }}] }}
"""


def measure_rows(folder: Path, scripts: Path, rounds: int) -> dict[str, Sample]:
    """The cases by name; `interpreter` is what each of them pays before anything of ours runs."""
    root = folder / "rows"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("target"), dirs_exist_ok=True)
    environment = os.environ | {"CDK_STREAM_CACHE": str(folder / "cache-rows")}
    python = scripts / "python"

    def once(*command: str | Path) -> Callable[[], Sample]:
        return lambda: sample(command, root, environment)

    cases = {
        "interpreter": once(python, "-c", "pass"),
        "run": once(scripts / "cdk-stream", "run", "--generate", str(ROWS)),
        "one test": once(scripts / "cdk-stream", "test", "--project-dir", _tests(folder, 1)),
        "tests": once(scripts / "cdk-stream", "test", "--project-dir", _tests(folder, 1 + TESTS)),
    }
    for case in cases.values():
        case()
    return interleaved(cases, rounds)


def _tests(folder: Path, count: int) -> Path:
    """The example with so many unit tests, and no other."""
    root = folder / f"tests-{count}"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("target"), dirs_exist_ok=True)
    shutil.rmtree(root / "tests")
    (root / "tests").mkdir()
    cases = "".join(_ONE_TEST.format(number=number) for number in range(count))
    (root / "tests/unit.yml").write_text(f"tests:\n{cases}", encoding="utf-8")
    return root
