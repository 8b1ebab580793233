"""`python -m tests.run.generate`: writes the corpus' rows, the same for the same seed."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any

from tests.run.pairs import HERE, VARIANTS

Json = dict[str, Any]
START = datetime(2026, 1, 5, 10, 0, 0)
STATUSES = ("AUTHORIZED", "CAPTURED", "DECLINED", "REFUNDED")
NOTES = (None, "12", " 7 ", "1.50", "true", "", "2026-02-03", "ümlaut", "1e3")


def times(random_: random.Random, count: int, delay: int, variant: str) -> list[str]:
    """Event times that mostly rise; out of order by less than the delay, or now and then more."""
    found = []
    at = newest = 0.0
    for _ in range(count):
        at += random_.expovariate(1 / 1500)
        moved = at - random_.random() * delay * 0.9 if random_.random() < 0.3 else at
        if variant != "early" and random_.random() < 0.08:
            moved = at - delay * random_.uniform(1.2, 6)
        elif variant == "early":
            moved = max(moved, newest - delay * 0.95)
        newest = max(newest, moved)
        moment = START + timedelta(milliseconds=max(int(moved), 0))
        found.append(moment.isoformat(timespec="milliseconds"))
    return found


def payments(random_: random.Random, variant: str) -> list[Json]:
    return [
        {
            "payment_id": f"p-{index}",
            "customer_id": None if random_.random() < 0.03 else f"c{random_.randrange(8)}",
            "amount_cents": random_.choice([0, random_.randrange(-200, 1200), 500]),
            "amount": f"{random_.randrange(-5000, 100000) / 100:.2f}",
            "fee": random_.choice([None, 0.5, -2.25, 1e-5, 12345678.9, random_.random() * 10]),
            "installments": random_.choice([None, 1, 2, 3, 12]),
            "status": random_.choice(STATUSES),
            "is_online": random_.choice([None, True, False]),
            "booked_on": f"2026-0{random_.randrange(1, 4)}-{random_.randrange(1, 29):02d}",
            "note": random_.choice(NOTES),
            "tags": random_.choice([None, [], ["red"], ["red", "blue", "red"], ["a", None]]),
            "merchant": {"id": f"m{index % 3}", "country": random_.choice(["FR", None, "DE"])},
            "event_time": at,
        }
        for index, at in enumerate(times(random_, 80, 5000, variant))
    ]


def refunds(random_: random.Random, variant: str) -> list[Json]:
    return [
        {
            "refund_id": f"r-{index}",
            "customer_id": None if random_.random() < 0.05 else f"c{random_.randrange(10)}",
            "cents": random_.choice([500, random_.randrange(0, 1200)]),
            "reason": random_.choice(["LOST", "WRONG", None]),
            "refunded_at": at,
        }
        for index, at in enumerate(times(random_, 60, 10000, variant))
    ]


def customers(random_: random.Random, variant: str) -> list[Json]:
    return [
        {
            "customer_id": f"c{random_.randrange(7)}",
            "risk_band": random_.choice(["LOW", "MEDIUM", "HIGH"]),
            "score": index,
            "updated_at": at,
        }
        for index, at in enumerate(times(random_, 50, 5000, variant))
    ]


def clicks(random_: random.Random, variant: str) -> list[Json]:
    return [
        {
            "user_id": random_.randrange(5),
            "page": random_.choice(["/", "/cart", "/pay"]),
            "seen_at": at + "Z",
        }
        for at in times(random_, 60, 2000, variant)
    ]


def accounts(random_: random.Random, variant: str) -> list[Json]:
    """Debezium's envelopes: what is there is changed or deleted, what is not is created."""
    known: dict[int, Json] = {}
    found = []
    for _ in range(70):
        account = random_.randrange(12)
        before = known.get(account)
        if before is not None and random_.random() < 0.25:
            found.append({"before": known.pop(account), "after": None, "op": "d"})
            continue
        after = {
            "account_id": account,
            "customer_id": f"c{random_.randrange(8)}",
            "balance": f"{random_.randrange(0, 50000) / 100:.2f}",
            "branch": random_.choice(["north", "south", None]),
        }
        found.append({"before": before, "after": after, "op": "u" if before else "c"})
        known[account] = after
    return found


MAKERS = {
    "accounts": accounts,
    "clicks": clicks,
    "customers": customers,
    "payments": payments,
    "refunds": refunds,
}


def lines(name: str, variant: str) -> str:
    """The file of a table's rows."""
    rows = MAKERS[name](random.Random(f"{name} {variant} 7"), variant)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    for name in MAKERS:
        for variant in VARIANTS:
            (HERE / "inputs" / f"{name}.{variant}.jsonl").write_text(lines(name, variant))


if __name__ == "__main__":
    main()
