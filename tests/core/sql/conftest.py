from __future__ import annotations

import pytest

from cdk_stream.results.relation import Field, Relation
from cdk_stream.sql.analysis import Analysis
from cdk_stream.sql.analyze import analyze
from cdk_stream.sql.functions import FunctionSpec

PAYMENTS = Relation(
    {
        "payment_id": Field("STRING", False),
        "customer_id": Field("STRING", False),
        "card": Field("STRING", False),
        "cents": Field("BIGINT", False),
        "price": Field("DECIMAL(10, 2)"),
        "status": Field("STRING", False),
        "note": Field("STRING"),
        "event_time": Field("TIMESTAMP_LTZ(3)", False),
        "items": Field("ARRAY<ROW<sku STRING, qty INT>>"),
        "address": Field("ROW<city STRING, zip STRING>"),
        "labels": Field("MAP<STRING, STRING>"),
        "value": Field("INT"),
    },
    "event_time",
    ("payment_id",),
)
CUSTOMERS = Relation(
    {
        "customer_id": Field("STRING", False),
        "band": Field("STRING"),
        "email": Field("STRING"),
        "updated_at": Field("TIMESTAMP_LTZ(3)", False),
    },
    "updated_at",
    ("customer_id",),
)
ACCOUNTS = Relation(
    {
        "customer_id": Field("STRING", False),
        "segment": Field("STRING"),
        "changed_at": Field("TIMESTAMP(3)", False),
    },
    "changed_at",
    ("customer_id",),
    "upsert",
)
RELATIONS = {
    "model.payments": PAYMENTS,
    "model.customers": CUSTOMERS,
    "source.accounts": ACCOUNTS,
    "source.unknown": Relation({"id": Field("STRING")}, open=True),
}
TABLES = {
    ("ref", "payments"): "model.payments",
    ("ref", "customers"): "model.customers",
    ("source", "accounts"): "source.accounts",
    ("source", "unknown"): "source.unknown",
}
FUNCTIONS = {
    "SCORE": FunctionSpec("DOUBLE"),
    "DRAW": FunctionSpec("DOUBLE", deterministic=False),
    "HASH_CARD": FunctionSpec("STRING", masks="internal"),
    "MEDIAN": FunctionSpec("DOUBLE", kind="aggregate"),
    "WORDS": FunctionSpec("ROW<word STRING, size INT>", kind="table"),
}
VARIABLES = {"limit": 100, "status": "it's", "on": True}


class Look:
    """Analyses a query over payments, customers, accounts and a source without a schema.

    `$payments` stands for `{{ ref("payments") }}`, `$accounts` for `{{ source("accounts") }}`.
    """

    def __call__(self, sql: str, *, state_ttl: bool = False) -> Analysis:
        return analyze(
            self.written(sql),
            TABLES,
            RELATIONS,
            FUNCTIONS,
            variables=VARIABLES,
            state_ttl=state_ttl,
        )

    def written(self, sql: str) -> str:
        """`sql` with its references written out."""
        for kind, name in TABLES:
            sql = sql.replace(f"${name}", f'{{{{ {kind}("{name}") }}}}')
        return sql


@pytest.fixture
def look() -> Look:
    return Look()
