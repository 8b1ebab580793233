"""The example project, on real engines."""

from __future__ import annotations

import shutil
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "fraud"
MODEL = "models/card_payments_fraud_events.yml"
SCORE = "com.acme.fraud.FraudScore"
CALL = "FRAUD_SCORE(p.amount_cents, p.currency, p.card_network, c.risk_band, c.kyc_status)"
JAR = "s3://acme-artifacts/fraud-udf-1.4.jar"


def copy_example(folder: Path, gateway: str, jar: Path, plans: Path) -> None:
    """The project in `folder`, with the SQL Gateway's URL and a jar that are really there."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("target"))
    settings = folder / "stream_project.yml"
    replace(settings, "http://flink-eu.internal:8083", gateway)
    replace(settings, 'version: "2.2"', f'version: "2.3"\n      plan_folder: "{plans.as_uri()}"')
    replace(settings, JAR, str(jar))


def replace(path: Path, old: str, new: str) -> None:
    """Write `new` in place of the first `old`, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(project: Path, words: str) -> int:
    """The line of the scoring model at which `words` stand."""
    text = (project / MODEL).read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1
