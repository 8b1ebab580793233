"""The project file: names, people, clusters and defaults."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cdk_stream.resources.authoring import Authored, Duration, ListOf, Meta, Name
from cdk_stream.resources.classification import Classification


class Owner(Authored):
    """Who answers for a name of `owner:`."""

    github: ListOf[str] = ()
    """Users and teams: `@dana`, `@acme/team-fraud`."""
    email: str | None = None
    alerts: str | None = None


class Governance(Authored):
    """Who must approve changes of policies, owners, roles, clusters and the project file."""

    owners: ListOf[Name] = ()


class Kafka(Authored):
    bootstrap_servers: str
    properties: dict[str, str] = {}


class SchemaRegistry(Authored):
    url: str


class Gateway(Authored):
    """A Conduktor Gateway in front of the cluster."""

    url: str
    bootstrap_servers: str | None = None
    version: str = "3.15"
    virtual_cluster: str | None = None
    properties: dict[str, str] = {}
    """Kafka client properties to connect with, secrets as placeholders."""


class Flink(Authored):
    sql_gateway: str
    jobmanager: str | None = None
    version: str = "2.2"
    properties: dict[str, str] = {}


class Connect(Authored):
    url: str


class Cluster(Authored):
    """A Kafka cluster and the systems around it."""

    region: str | None = None
    kafka: Kafka | None = None
    schema_registry: SchemaRegistry | None = None
    gateway: Gateway | None = None
    flink: Flink | None = None
    connect: Connect | None = None
    tags: ListOf[Name] = ()


class Role(Authored):
    """A role of security rules: the group and the service accounts that have it."""

    group: str | None = None
    service_accounts: ListOf[str] = ()
    external_groups: ListOf[str] = ()
    purposes: ListOf[str] = ()


class Function(Authored):
    """A user-defined function that SQL may call."""

    returns: str
    class_: str | None = Field(default=None, alias="class")
    jar: str | None = None
    language: Literal["java", "scala", "python", "sql"] = "java"
    deterministic: bool = True
    kind: Literal["scalar", "aggregate", "table"] = "scalar"
    nullable: bool = True
    """Whether it may answer NULL."""
    masks: Classification | None = None
    """The class of its result when the function hides its input, a keyed hash for instance."""
    accepts_star: bool = True


class EventTimeDefaults(Authored):
    """How rows get their time when a source does not say."""

    columns: ListOf[Name] = ()
    watermark: Duration = "5 seconds"
    idle_timeout: Duration | None = None


class Connector(Authored):
    """A logical connector that sinks and sources name."""

    kind: Name
    version: int | str | None = None
    region: str | None = None
    cluster: Name | None = None
    connection: dict[str, Any] = {}
    config: dict[str, Any] = {}


class Topics(Authored):
    """Defaults for the topics that models write."""

    name: str = "{model}"
    """How a topic is named; `{project}`, `{domain}`, `{model}` and `{version}` are filled in."""
    partitions: int = Field(default=3, ge=1)
    replication_factor: int = Field(default=3, ge=1)
    retention: Duration = "7 days"


class PolicySettings(Authored):
    """Which policies run, how strictly, and with which parameters."""

    levels: dict[str, Literal["deny", "warn", "off"]] = {}
    params: dict[str, dict[str, Any]] = {}
    paths: ListOf[str] = ("policies",)
    """Folders of the project with Rego of its own."""


class SecurityDefaults(Authored):
    """How protection is read when a model leaves it open."""

    implicit_flows: Literal["propagate", "record"] = "propagate"
    """Whether a CASE condition makes its result as sensitive as itself."""


class Project(Authored):
    """`stream_project.yml`."""

    name: Name
    version: str | int | float = "1.0"
    description: str = ""
    default_cluster: Name | None = None
    owners: dict[str, Owner] = {}
    governance: Governance = Governance()
    clusters: dict[str, Cluster] = {}
    roles: dict[str, Role] = {}
    kms: dict[str, str] = {}
    functions: dict[str, Function] = {}
    event_time: EventTimeDefaults = EventTimeDefaults()
    connectors: dict[str, Connector] = {}
    topics: Topics = Topics()
    policies: PolicySettings = PolicySettings()
    security: SecurityDefaults = SecurityDefaults()
    plugins: ListOf[Name] | None = None
    """The plugins this project uses; left out, the bundled ones."""
    default_classification: Classification | None = None
    vars: dict[str, str | int | float | bool] = {}
    """Values that SQL may use as `{{ var("name") }}`."""
    meta: Meta = {}
