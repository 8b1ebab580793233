"""A connector's configuration while it is put together, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterable

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

    @property
    def is_refused(self) -> bool:
        return any(remark.severity is Severity.ERROR for remark in self.remarks)

    def finish(
        self,
        connector: str,
        name: str,
        cluster: str,
        node: str,
        needs: Iterable[Artifact] = (),
    ) -> Compiled:
        """The artefact of the connector `connector` and what it needs, unless it is refused."""
        remarks = tuple(self.remarks)
        if self.is_refused:
            return Compiled((), remarks)
        spec = {"name": connector, "config": self.config}
        made = Artifact("connector", name, cluster, node, spec)
        return Compiled((made, *needs), remarks)
