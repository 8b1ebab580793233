"""The accounts that the project's own jobs connect with."""

from __future__ import annotations


def job_account(project: str, model: str) -> str:
    """The service account of the job that runs a model: `cdk-<project>-<model>`, dots as dashes.

    Its Kafka principal is `User:` and this name.
    """
    return f"cdk-{project}-{model}".replace(".", "-")
