"""An application, dashboard or model outside the project that produces or reads its streams."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cdk_stream.resources.authoring import Authored, ListOf, Meta, Name, Reference
from cdk_stream.resources.model import Compatibility
from cdk_stream.resources.source import Freshness, Sla


class Access(Authored):
    """The roles that the application reads with, and what for."""

    allowed_roles: ListOf[Name] = ()
    purpose: str = ""


class ProducerContract(Authored):
    """What a producer promises of the rows it writes."""

    schema_: Literal["strict", "lenient"] | None = Field(default=None, alias="schema")
    versioning: Compatibility | None = None
    compatibility: Compatibility | None = None
    migration_note: str = ""


class ConsumerConfig(Authored):
    """How the application consumes."""

    consumer_group: str | None = None
    max_lag_messages: int | None = None
    max_lag_seconds: float | None = None
    columns: ListOf[Name] = ()
    """The columns it reads; left out, all of them."""


class MlTraining(Authored):
    """Why a model may be trained on this data."""

    use_case: str = ""
    risk_level: Literal["minimal", "limited", "high", "unacceptable"] | None = None
    audit_required: bool | None = None
    lawful_basis: str = ""


class Exposure(Authored):
    """Something outside the project that lives on its streams, with an owner and promises."""

    name: Name
    type: Literal[
        "application", "api", "ml_model", "ml_training", "dashboard", "stream", "other"
    ] = "application"
    role: Literal["producer", "consumer", "producer_consumer"] | None = None
    """Left out, it follows from `produces`, `consumes` and `depends_on`."""
    description: str = ""
    owner: Name | None = None
    url: str | None = None
    repo: str | None = None
    language: str | None = None
    tool: str | None = None
    tags: ListOf[Name] = ()
    domain: Name | None = None
    produces: ListOf[Reference] = ()
    consumes: ListOf[Reference] = ()
    depends_on: ListOf[Reference] = ()
    sla: Sla | None = None
    freshness: Freshness | None = None
    access: Access = Access()
    contracts: ProducerContract | None = None
    consumer_config: ConsumerConfig | None = None
    service_accounts: ListOf[str] = ()
    """Principals the application connects with, beside those of its roles."""
    columns: ListOf[Name] = ()
    """The columns it reads; left out, all of them."""
    training: MlTraining | None = None
    """For `ml_training`: the use-case, the risk level and the audit need."""
    meta: Meta = {}

    @property
    def reads(self) -> tuple[str, ...]:
        """The references this exposure consumes, as written."""
        return self.consumes + self.depends_on
