"""The project file: names, people, clusters and defaults."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cdk_stream.resources.authoring import Authored, Duration, ListOf, Meta, Name, unsaid
from cdk_stream.resources.classification import Classification
from cdk_stream.resources.engine import EMBEDDED, Engine
from cdk_stream.resources.environment import Deploy, Environment
from cdk_stream.resources.flink import Flink
from cdk_stream.resources.governance import Governance
from cdk_stream.resources.pin import BundlePin


class Owner(Authored):
    """Who answers for a name of `owner:`."""

    github: ListOf[str] = ()
    """Users and teams: `@dana`, `@acme/team-fraud`."""
    email: str | None = None
    """Where to write to when GitHub is not the way."""
    alerts: str | None = None
    """Where alerts go: `slack://#channel` or the address of a webhook."""


class Kafka(Authored):
    """How to reach the brokers."""

    bootstrap_servers: str
    """`host:port`, several separated by commas."""
    properties: dict[str, str] = {}
    """Client properties to connect with, secrets as placeholders: `${env:KAFKA_PASSWORD}`. In Flink
    jobs `{account}` stands for the job's own service account, `{ACCOUNT}` for it in capitals."""


class SchemaRegistry(Authored):
    """The schema registry of the cluster."""

    url: str
    """Its address."""


class Gateway(Authored):
    """A Conduktor Gateway in front of the cluster."""

    url: str
    """The address of its API."""
    bootstrap_servers: str | None = None
    """Where clients connect: `host:port`."""
    version: str = "3.15"
    """Its version, which decides what can be asked of it."""
    virtual_cluster: str | None = None
    """The virtual cluster the project lives in; left out, the Gateway's own."""
    properties: dict[str, str] = {}
    """Kafka client properties to connect with, as those of `kafka:`."""


class Connect(Authored):
    """The Kafka Connect cluster that runs connectors."""

    url: str
    """The address of its API."""
    group_id: str | None = None
    """The workers' `group.id`, which names the transactions of exactly-once sources."""


class Cluster(Authored):
    """A Kafka cluster and the systems around it."""

    region: str | None = None
    """Where its data lies, `EU` for instance; residency policies compare it."""
    kafka: Kafka | None = None
    """The brokers."""
    schema_registry: SchemaRegistry | None = None
    """The schema registry."""
    gateway: Gateway | None = None
    """The Conduktor Gateway, for virtual topics, masks and encryption."""
    flink: Flink | None = None
    """Where stateful models run."""
    connect: Connect | None = None
    """Where sinks and connector sources run."""
    tags: ListOf[Name] = ()
    """Free labels, for selectors and policies."""


class Role(Authored):
    """A role of security rules: the group and the service accounts that have it."""

    group: str | None = None
    """The group of the Gateway that has the role."""
    service_accounts: ListOf[str] = ()
    """The principals that have the role."""
    external_groups: ListOf[str] = ()
    """Groups of the identity provider that have the role."""
    purposes: ListOf[str] = ()
    """What the role may read data for; left out, anything."""


class Function(Authored):
    """A user-defined function that SQL may call."""

    returns: str
    """The type of its result in Flink SQL: `DOUBLE`."""
    class_: str | None = Field(default=None, alias="class")
    """The class that implements it."""
    jar: str | None = None
    """The address of the jar that holds the class."""
    language: Literal["java", "scala", "python", "sql"] = "java"
    """What it is written in."""
    deterministic: bool = True
    """The same arguments always give the same result."""
    kind: Literal["scalar", "aggregate", "table"] = "scalar"
    """`scalar`: row to value, `aggregate`: rows to a value, `table`: row to rows."""
    nullable: bool = True
    """Whether it may answer NULL."""
    masks: Classification | None = None
    """The class of its result when the function hides its input, a keyed hash for instance."""
    accepts_star: bool = True
    """Whether it may be called as `f(t.*)`, with every column of a table."""


class EventTimeDefaults(Authored):
    """How rows get their time when a source does not say."""

    columns: ListOf[Name] = ()
    """Names to look for in a source's columns; the first one found is the event time."""
    watermark: Duration = "5 seconds"
    """How long to wait for late rows."""
    idle_timeout: Duration | None = None
    """After this long without rows a partition no longer holds time back."""


class Connector(Authored):
    """A logical connector that sinks and sources name."""

    kind: Name
    """What it connects to: `snowflake`, `jdbc`, `s3`, ..."""
    version: int | str | None = None
    """The connector's version, which decides its settings."""
    region: str | None = None
    """Where the data arrives; residency policies compare it."""
    cluster: Name | None = None
    """The cluster whose Kafka Connect runs it."""
    connection: dict[str, Any] = {}
    """How to reach the target, secrets as placeholders: `${env:SNOWFLAKE_KEY}`."""
    config: dict[str, Any] = {}
    """Settings that every connector of this kind gets."""


class Topics(Authored):
    """Defaults for the topics that models write."""

    name: str = "{model}"
    """How a topic is named; `{project}`, `{domain}`, `{model}` and `{version}` are filled in."""
    partitions: int = Field(default=3, ge=1)
    """How many partitions a topic gets."""
    replication_factor: int = Field(default=3, ge=1)
    """On how many brokers each partition lies."""
    retention: Duration = "7 days"
    """How long rows are kept."""


class WaiverLimits(Authored):
    """How far the waivers of `waivers.yml` may go."""

    max_days: int = Field(default=90, ge=1)
    """How many days ahead a waiver may expire at most."""
    max_nodes: int = Field(default=10, ge=1)
    """How many nodes the pattern of a waiver may stand for at most."""


class PolicySettings(Authored):
    """Which policies run, how strictly, and with which parameters."""

    levels: dict[str, Literal["deny", "warn", "off"]] = {}
    """Policy id -> how strictly it holds; left out, as the policy itself says."""
    params: dict[str, dict[str, Any]] = {}
    """Policy id -> the parameters it reads."""
    paths: ListOf[str] = ("policies",)
    """Folders of the project with Rego of its own."""
    bundles: ListOf[BundlePin] = ()
    """Bundles of policies, templates and macros that lie elsewhere, each pinned."""
    waivers: WaiverLimits = unsaid(WaiverLimits)
    """How far waivers may go."""
    engine: Engine = EMBEDDED
    """What judges: `embedded`, `opa` (the executable on PATH), or an OPA named by its address."""


class SecurityDefaults(Authored):
    """How protection is read when a model leaves it open."""

    implicit_flows: Literal["propagate", "record"] = "propagate"
    """Whether a CASE condition makes its result as sensitive as itself."""


class Project(Authored):
    """`stream_project.yml`."""

    name: Name
    """The project's name."""
    version: str | int | float = "1.0"
    """The project's own version."""
    description: str = ""
    """What the project is for."""
    default_cluster: Name | None = None
    """The cluster of resources that name none."""
    owners: dict[str, Owner] = {}
    """Name of an owner -> who that is; every `owner:` names one of these."""
    governance: Governance = unsaid(Governance)
    """Who answers for the rules themselves."""
    clusters: dict[str, Cluster] = {}
    """Name -> the Kafka cluster and the systems around it."""
    roles: dict[str, Role] = {}
    """Name -> who has the role; `security` and `access` name these."""
    kms: dict[str, str] = {}
    """Alias of a key -> its address in a key management system."""
    functions: dict[str, Function] = {}
    """Name -> a user-defined function that SQL may call."""
    event_time: EventTimeDefaults = unsaid(EventTimeDefaults)
    """How rows get their time when a source does not say."""
    connectors: dict[str, Connector] = {}
    """Name -> a connector that sinks and sources use."""
    topics: Topics = unsaid(Topics)
    """Defaults for the topics that models write."""
    policies: PolicySettings = unsaid(PolicySettings)
    """Which policies run, and how strictly."""
    security: SecurityDefaults = unsaid(SecurityDefaults)
    """How protection is read when a model leaves it open."""
    deploy: Deploy = unsaid(Deploy)
    """How the project is deployed."""
    environments: dict[str, Environment] = {}
    """Name -> what differs there, for `--environment`."""
    plugins: ListOf[Name] | None = None
    """The plugins this project uses; left out, the bundled ones."""
    default_classification: Classification | None = None
    """The class of columns that nothing else classifies."""
    vars: dict[str, str | int | float | bool] = {}
    """Values that SQL may use as `{{ var("name") }}`."""
    meta: Meta = {}
    """Free keys for the team's own tools."""
