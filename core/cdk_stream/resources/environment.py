"""Where a project runs: overlays of its settings, and how it is deployed there."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from cdk_stream.resources.authoring import Authored, Duration, ListOf, Name, unsaid


class StateStore(Authored):
    """Where the record of what was deployed lives; one of the two."""

    file: str | None = None
    """A folder, from the project's own or absolute; `{environment}` is filled in."""
    topic: str | None = Field(default=None, pattern=r"^([a-zA-Z0-9._-]|\{environment\})+$")
    """A compacted topic with one partition; each environment has its own, and `{environment}` is
    filled in."""
    cluster: Name | None = None
    """The cluster of the topic; left out, the project's default."""

    @model_validator(mode="after")
    def _one_place(self) -> StateStore:
        if self.file is not None and self.topic is not None:
            raise ValueError("write one of file and topic, not both")
        return self


class Deploy(Authored):
    """How the project is deployed."""

    state: StateStore = unsaid(StateStore)
    """Where the record lives; left out, in the folder `.cdk-stream/{environment}`."""
    lease: Duration = "30 seconds"
    """How long a deploy that was killed keeps others out."""
    at_once: int = Field(default=8, ge=1, le=64)
    """How many steps run side by side."""
    allow_deletion: ListOf[str] = ()
    """Patterns of what may be deleted with the rows it holds, when nobody asks for it any more:
    `prod-eu/topic/scratch.*`."""


class Environment(Authored):
    """An overlay: what is written here takes the place of what the project says."""

    description: str = ""
    """What the environment is for."""
    protected: bool = False
    """Only commits with proven approvals are deployed."""
    branch: str = "main"
    """For a protected one: the branch whose merged pull requests are deployed; those of another
    were approved by other rules."""
    ephemeral: bool = False
    """A template: `pr` stands for `pr-1`, `pr-2`, ..., each with names of its own."""
    prefix: str = Field(default="", pattern=r"^([A-Za-z_][\w.-]*|\{environment\}[\w.-]*)?$")
    """What the names of topics, virtual topics, groups, connectors and jobs begin with;
    `{environment}` is filled in. An ephemeral one that says nothing has `{environment}.`."""
    default_cluster: Name | None = None
    """The cluster of resources that name none."""
    clusters: dict[str, dict[str, Any]] = {}
    """Settings of clusters that differ here: `prod: {kafka: {bootstrap_servers: ...}}`."""
    connectors: dict[str, dict[str, Any]] = {}
    """Settings of connectors that differ here."""
    roles: dict[str, dict[str, Any]] = {}
    """Settings of roles that differ here."""
    topics: dict[str, Any] = {}
    """Defaults for topics that differ here: `{replication_factor: 1}`."""
    kms: dict[str, str] = {}
    """Keys that lie elsewhere here."""
    vars: dict[str, str | int | float | bool] = {}
    """Values of `{{ var("name") }}` that differ here."""
    deploy: dict[str, Any] = {}
    """How to deploy here: see the project's `deploy:`."""
