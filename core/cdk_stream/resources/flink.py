"""`flink:` of a cluster: where jobs run, and in which form they are handed over."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from cdk_stream.resources.authoring import Authored, unsaid


class PodSize(Authored):
    """What a pod of Flink gets."""

    memory: str = "2048m"
    """Its memory, in Flink's spelling: `2048m`."""
    cpu: float = 1.0
    """Its share of processors."""


class Kubernetes(Authored):
    """The Flink Kubernetes Operator: a deployment for each model, or one for all of them."""

    image: str | None = None
    """For deployments: an image of Flink that holds the Kafka connector and the formats."""
    namespace: str = "default"
    """Where the resources go."""
    service_account: str = "flink"
    """The account of Kubernetes that the pods run as."""
    session_cluster: str | None = None
    """A FlinkDeployment that is there already: each model is then a FlinkSessionJob of it."""
    runner: str | None = None
    """The address of a jar that runs the text after `--script`; Flink 2 has one of its own."""
    job_manager: PodSize = unsaid(PodSize)
    """The pod that leads a deployment."""
    task_manager: PodSize = unsaid(PodSize)
    """The pods that work."""

    @model_validator(mode="after")
    def _can_start(self) -> Kubernetes:
        if self.session_cluster is None and self.image is None:
            raise ValueError("a deployment needs an `image:`, or name a `session_cluster:`")
        if self.session_cluster is not None and self.runner is None:
            raise ValueError("a session job needs a `runner:`, the address of its jar")
        return self


class ConfluentCloud(Authored):
    """Confluent Cloud for Apache Flink: a statement for each table and each query."""

    organization: str
    """The id of the organization."""
    environment: str
    """The id of the environment: `env-a1b2c3`."""
    compute_pool: str
    """The id of the compute pool: `lfcp-a1b2c3`."""
    catalog: str
    """The environment as SQL names it."""
    database: str
    """The Kafka cluster as SQL names it."""
    principal: str | None = None
    """The service account that statements run as: `sa-a1b2c3`."""


class Flink(Authored):
    """The Flink that runs jobs on this Kafka cluster."""

    target: Literal["sql_gateway", "kubernetes", "confluent_cloud"] = "sql_gateway"
    """How jobs are handed over: as scripts to an SQL Gateway, as resources of the Flink
    Kubernetes Operator, or as statements of Confluent Cloud."""
    sql_gateway: str | None = None
    """The address of the SQL Gateway that takes the scripts; with another target, the planner
    that `cdk-stream verify` asks."""
    jobmanager: str | None = None
    """The address of the JobManager, for the state of jobs."""
    version: str = "2.2"
    """Its version, which decides what SQL it takes."""
    plan_folder: str = "file:///tmp"
    """Where the SQL Gateway writes compiled plans when a project is verified, as it sees it."""
    properties: dict[str, str] = {}
    """Flink options that every script sets."""
    kubernetes: Kubernetes | None = None
    """For `target: kubernetes`."""
    confluent_cloud: ConfluentCloud | None = None
    """For `target: confluent_cloud`."""

    @model_validator(mode="after")
    def _has_its_target(self) -> Flink:
        if getattr(self, self.target) is None:
            raise ValueError(f"`target: {self.target}` needs `{self.target}:` beside it")
        return self
