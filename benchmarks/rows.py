"""What running rows costs: the example on 10,000 rows per source, and one model on a few rows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from measure import Sample, interleaved, sample

EXAMPLE = Path(__file__).parents[1] / "examples" / "fraud"
ROWS, TESTS = 10_000, 100
_ONE_MODEL = """\
from pathlib import Path
from cdk_stream.workflow.compile import compile_project
from cdk_stream.workflow.run import execute
root = Path()
compiled = compile_project(root)
row = {"payment_id": "p", "customer_id": "c", "card_number": "4", "customer_email": None,
       "amount_cents": 1, "currency": "EUR", "status": "CAPTURED", "card_network": "VISA",
       "event_time": "2026-01-05T10:00:00Z"}
known = {"customer_id": "c", "risk_band": "LOW", "kyc_status": "APPROVED",
         "updated_at": "2026-01-05T09:00:00Z"}
given = {"model.card_payments_clean": [{name: row[name] for name in (
             "payment_id", "customer_id", "amount_cents", "currency", "status", "card_network",
             "event_time")}] * 4,
         "model.customer_risk_profile": [known]}
for _ in range(%d):
    answer = execute(compiled, given, ["model.card_payments_fraud_events"], root)
assert answer["model.card_payments_fraud_events"].written == 4
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
        "one test": once(python, "-c", _ONE_MODEL % 1),
        "tests": once(python, "-c", _ONE_MODEL % (1 + TESTS)),
    }
    for case in cases.values():
        case()
    return interleaved(cases, rounds)
