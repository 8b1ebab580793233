"""What the core calls when a run reaches GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cdk_stream.plugin.forge import Forge
from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.workflow_run import WorkflowRun
from cdk_stream_github.environment import read_environment


@hookimpl
def open_forge(environ: Mapping[str, str]) -> Iterable[Forge]:
    """The repository that a workflow runs for; nothing outside of GitHub."""
    environment = read_environment(environ)
    if environment is None:
        return ()
    from cdk_stream_github.forge import GitHub  # noqa: PLC0415  github3 takes 0.2 seconds

    return (GitHub(environment),)


@hookimpl
def open_run(environ: Mapping[str, str]) -> Iterable[WorkflowRun]:
    """The run that a workflow of GitHub Actions is."""
    environment = read_environment(environ)
    if environment is None or not environment.event_name:
        return ()
    from cdk_stream_github.run import ActionsRun  # noqa: PLC0415  github3 takes 0.2 seconds

    return (ActionsRun(environment, environ.get("GITHUB_RUN_ID", "")),)
