"""FRAUD_SCORE for runs on a laptop; in production it is com.acme.fraud.FraudScore."""

RISK = {"LOW": 0.1, "MEDIUM": 0.4, "HIGH": 0.7}


def fraud_score(
    amount_cents: int,
    currency: str,
    card_network: str | None,
    risk_band: str,
    kyc_status: str,
) -> float:
    """Higher for large payments of risky customers."""
    large = min(amount_cents / 1_000_000, 1.0)
    reviewed = 0.1 if kyc_status == "REVIEW" else 0.0
    return round(min(RISK[risk_band] + 0.3 * large + reviewed, 1.0), 2)
