"""A run of a workflow of GitHub Actions."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_stream.plugin.forge import StatusState
from cdk_stream.plugin.workflow_run import Event
from cdk_stream_github.environment import Environment
from cdk_stream_github.events import read_event
from cdk_stream_github.forge import GitHub
from cdk_stream_github.payload import read_payload


class ActionsRun:
    """Reads the event that the runner wrote down."""

    def __init__(self, environment: Environment, run_id: str = "") -> None:
        self.forge = GitHub(environment)
        self.url = ""
        if run_id.isdecimal():
            self.url = f"{environment.server}/{environment.repository}/actions/runs/{run_id}"
        self._environment = environment

    def event(self) -> Event:
        """What made it start."""
        payload = read_payload(self._environment)
        return read_event(self._environment.event_name, payload, self.forge)

    def fetch(self, directory: str, commits: Sequence[str]) -> None:
        """Bring commits into the repository at `directory`."""
        self.forge.fetch(directory, commits)

    def set_status(
        self, commit: str, context: str, state: StatusState, description: str, url: str
    ) -> None:
        """A status of any commit."""
        self.forge.set_status(commit, context, state, description, url)
