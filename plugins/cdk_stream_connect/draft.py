"""A connector's configuration while it is put together, and what there is to say about it."""

from __future__ import annotations

from cdk_stream.plugin.backend import Compiled, Remark
from cdk_stream.problems import Severity
from cdk_stream.results.artifact import Artifact


class Draft:
    """Collects settings and remarks; errors leave no artefact."""

    def __init__(self, title: str) -> None:
        self.title = title
        """What messages call the connector."""
        self.config: dict[str, str] = {}
        self.remarks: list[Remark] = []

    def refuse(self, code: str, message: str, mend: str, pointer: str) -> None:
        self.remarks.append(Remark(code, message, mend, Severity.ERROR, pointer))

    def warn(self, code: str, message: str, mend: str, pointer: str) -> None:
        self.remarks.append(Remark(code, message, mend, Severity.WARNING, pointer))

    def note(self, code: str, message: str, mend: str, pointer: str) -> None:
        self.remarks.append(Remark(code, message, mend, Severity.NOTE, pointer))

    def finish(self, connector: str, name: str, cluster: str, node: str) -> Compiled:
        """The artefact of the connector `connector`, unless something was refused."""
        remarks = tuple(self.remarks)
        if any(remark.severity is Severity.ERROR for remark in remarks):
            return Compiled((), remarks)
        spec = {"name": connector, "config": self.config}
        return Compiled((Artifact("connector", name, cluster, node, spec),), remarks)
