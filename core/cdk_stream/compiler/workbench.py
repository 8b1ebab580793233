"""What is known of each node while a tree is compiled, and what there is to tell."""

from __future__ import annotations

from typing import Any

import orjson

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.manager import Plugins
from cdk_stream.plugin.verification import Made
from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact, Written
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.entry import Entry
from cdk_stream.results.fragment import decode
from cdk_stream.results.stream import Stream
from cdk_stream.results.uses import Uses
from cdk_stream.sql.analysis import Finding
from cdk_stream.stages.infer.inferred import Inferred
from cdk_stream.stages.load.loader import Loader
from cdk_stream.stages.load.snapshot import Snapshots
from cdk_stream.stages.place import Placement
from cdk_stream.stages.resolve import uses


class Workbench:
    """The nodes of one tree on their way; what an earlier compilation knew is kept or looked up."""

    def __init__(
        self,
        loader: Loader,
        project: Project,
        plugins: Plugins,
        prior: Compilation | None,
        *,
        keep_made: bool = False,
    ) -> None:
        self.loader = loader
        self.project = project
        self.plugins = plugins
        self.snapshots = Snapshots(loader, project)
        self.prior: dict[str, Entry] = prior.entries if prior else {}
        self.prior_blobs = prior.blobs if prior else {}
        self.kept: dict[str, Entry] = {}
        """Entries of the earlier compilation that may still hold."""
        self.declarations: dict[str, Declaration] = {}
        self.uses: dict[str, Uses] = {}
        self.names: dict[str, str] = {}
        """Every source and model by its bare name -> id."""
        self.inferred: dict[str, Inferred] = {}
        self.faces: dict[str, str] = {}
        """Node id -> digest of the inferred stream's face."""
        self.asked: dict[str, Any] = {}
        """Node id -> what its author asks of other nodes (see `impositions`)."""
        self.streams: dict[str, Stream] = {}
        """Streams as their readers see them."""
        self.placements: dict[str, Placement] = {}
        self.made: dict[str, Made] | None = {} if keep_made else None
        """Models with their queries and artefacts, which are let go of unless asked for."""
        self.artifacts: dict[str, Written] = {}
        self.problems: list[Problem] = []

    def declaration(self, node_id: str) -> Declaration:
        """The declaration, read again when the node was kept until now."""
        if node_id not in self.declarations:
            entry = self.kept[node_id]
            for declaration in self.loader.declarations(entry.path):
                if declaration.id == node_id:
                    self.declarations[node_id] = declaration
                    self.uses[node_id] = uses(declaration, self.names)
        return self.declarations[node_id]

    def input(self, node_id: str) -> Stream:
        """A stream as its readers see it, from this run or from the manifest of an earlier one."""
        stream = self.streams.get(node_id)
        if stream is None:
            entry = self.kept[node_id]
            resource = next(
                declaration.resource
                for declaration in self.loader.declarations(entry.path)
                if declaration.id == node_id
            )
            stream = self.streams[node_id] = decode(
                orjson.loads(entry.fragment.content()), resource
            )
            if stream.materialized == "virtual_topic":
                stream.inputs = {used: self.input(used) for used in entry.uses}
        return stream

    def tell(
        self,
        declaration: Declaration,
        complaint: Complaint,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Keep a complaint about a declared resource, with its file and line."""
        _, name = declaration.written(complaint.pointer)
        self.problems.append(
            Problem(
                self.place(declaration, complaint.pointer, complaint.line, complaint.column),
                complaint.code,
                f"{complaint.message}, says '{name}'" if name else complaint.message,
                complaint.mend,
                severity,
                declaration.id,
            )
        )

    def tell_finding(self, declaration: Declaration, finding: Finding) -> None:
        pointer = "/sql" if declaration.sql else "/cel"
        self.problems.append(
            Problem(
                self.place(declaration, pointer, finding.line, finding.column),
                finding.code,
                finding.message,
                finding.mend,
                Severity(finding.severity),
                declaration.id,
            )
        )

    def collect(
        self, declaration: Declaration, artifacts: list[Artifact], remarks: list[Remark]
    ) -> None:
        for artifact in artifacts:
            other = self.artifacts.setdefault(artifact.file, artifact.written())
            if other.digest != artifact.digest:
                message = (
                    f"'{other.node}' and '{artifact.node}' both make "
                    f"{artifact.kind} '{artifact.name}', and not the same"
                )
                self.tell(declaration, Complaint("CS601", "", message, "rename one of the two"))
        for remark in remarks:
            self.problems.append(
                Problem(
                    self.place(declaration, remark.pointer, remark.line, remark.column),
                    remark.code,
                    remark.message,
                    remark.mend,
                    remark.severity,
                    declaration.id,
                )
            )

    def place(self, declaration: Declaration, pointer: str, line: int, column: int) -> Location:
        if pointer == "/sql" and declaration.sql_path:
            return self.loader.locate(declaration.sql_path, "", line, column)
        pointer, _ = declaration.written(pointer)
        return self.loader.locate(declaration.path, declaration.pointer + pointer, line, column)
