"""An application, dashboard or model outside the project that produces or reads its streams."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cdk_stream.resources.authoring import Authored, ListOf, Meta, Name, Reference, shared, unsaid
from cdk_stream.resources.model import Compatibility
from cdk_stream.resources.source import Freshness, Sla


class Access(Authored):
    """The roles that the application reads with, and what for."""

    allowed_roles: ListOf[Name] = ()
    """Names of the project's `roles:`."""
    purpose: str = ""
    """What it reads for."""


class ProducerContract(Authored):
    """What a producer promises of the rows it writes."""

    schema_: Literal["strict", "lenient"] | None = Field(default=None, alias="schema")
    """`strict` refuses rows that do not fit the schema, `lenient` lets them pass."""
    versioning: Compatibility | None = None
    """What a new version of the schema must still be able to read."""
    compatibility: Compatibility | None = None
    """The same as `versioning`."""
    migration_note: str = ""
    """What readers must do when a new version breaks them."""


class ConsumerConfig(Authored):
    """How the application consumes."""

    consumer_group: str | None = None
    """Its consumer group."""
    max_lag_messages: int | None = None
    """How far behind it may be, in rows."""
    max_lag_seconds: float | None = None
    """How far behind it may be, in seconds."""
    columns: ListOf[Name] = ()
    """The columns it reads; left out, all of them."""


class ProducerConfig(Authored):
    """How the application produces."""

    transactional_id: str | None = None
    """Its transactional id; `payments-api-*` stands for all that begin with `payments-api-`."""


class MlTraining(Authored):
    """Why a model may be trained on this data."""

    use_case: str = ""
    """What the model is for."""
    risk_level: Literal["minimal", "limited", "high", "unacceptable"] | None = None
    """The risk class of the EU's AI Act."""
    audit_required: bool | None = None
    """Whether a use of the data must be recorded."""
    lawful_basis: str = ""
    """Why the data may be used: consent, contract, ..."""


class Exposure(Authored):
    """Something outside the project that lives on its streams, with an owner and promises."""

    name: Name
    """The exposure's name."""
    type: Literal[
        "application", "api", "ml_model", "ml_training", "dashboard", "stream", "other"
    ] = "application"
    """What it is."""
    role: Literal["producer", "consumer", "producer_consumer"] | None = None
    """Left out, it follows from `produces`, `consumes` and `depends_on`."""
    description: str = ""
    """What it does."""
    owner: Name | None = None
    """Who answers for it and must agree to changes that hit it: a name of `owners:`."""
    url: str | None = None
    """Where it runs or is described."""
    repo: str | None = None
    """Where its code lies."""
    language: str | None = None
    """What it is written in."""
    tool: str | None = None
    """What it is made with: `tableau`, ..."""
    tags: ListOf[Name] = ()
    """Free labels, for selectors and policies."""
    domain: Name | None = None
    """The part of the business it belongs to."""
    produces: ListOf[Reference] = ()
    """The sources it writes to."""
    consumes: ListOf[Reference] = ()
    """The streams it reads."""
    depends_on: ListOf[Reference] = ()
    """The same as `consumes`."""
    sla: Sla | None = None
    """What it needs, and its owner promises."""
    freshness: Freshness | None = None
    """How old the newest row it sees may be."""
    access: Access = Field(default_factory=shared(unsaid(Access)))
    """As whom it reads, and what for."""
    contracts: ProducerContract | None = None
    """What it promises as a producer."""
    consumer_config: ConsumerConfig | None = None
    """How it consumes."""
    producer_config: ProducerConfig | None = None
    """How it produces."""
    service_accounts: ListOf[str] = ()
    """Principals the application connects with, beside those of its roles."""
    columns: ListOf[Name] = ()
    """The columns it reads; left out, all of them."""
    training: MlTraining | None = None
    """For `ml_training`: the use-case, the risk level and the audit need."""
    meta: Meta = {}
    """Free keys for the team's own tools."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The references this exposure consumes, as written."""
        return self.consumes + self.depends_on
