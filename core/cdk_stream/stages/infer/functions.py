"""The project's functions, as the SQL analysis knows them."""

from __future__ import annotations

from cdk_stream.resources.project import Project
from cdk_stream.sql.functions import FunctionSpec


def functions(project: Project) -> dict[str, FunctionSpec]:
    """Name -> what a call of it gives."""
    return {
        name: FunctionSpec(
            returns=function.returns,
            kind=function.kind,
            deterministic=function.deterministic,
            nullable=function.nullable,
            masks=function.masks or "",
            accepts_star=function.accepts_star,
        )
        for name, function in project.functions.items()
    }
