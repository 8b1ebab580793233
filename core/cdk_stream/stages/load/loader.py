"""Files -> declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cdk_stream import yaml
from cdk_stream.problems import Location, Problem, Refused, near
from cdk_stream.resources.authoring import Authored
from cdk_stream.resources.parse import (
    KINDS,
    Complaint,
    is_unit_test,
    parse,
    resource_class,
    unit_test_class,
)
from cdk_stream.resources.project import Project
from cdk_stream.results.declaration import KIND_OF_KEY, Declaration
from cdk_stream.results.expansion import Expansion
from cdk_stream.stages.load.environment import Seen
from cdk_stream.tree import MAX_BYTES, PROJECT_FILE, Tree

DECLARING = ("sources/", "models/", "tests/", "exposures/")
YAML_SUFFIXES = (".yml", ".yaml")

Expand = Callable[[str, Any], Expansion]
"""(kind, resource) -> the resource with what its templates and macros stand for."""


def _nothing_to_expand(kind: str, resource: Any) -> Expansion:
    """A project without bundles that names a template or macro all the same."""
    place = "/template" if kind == "test" else "/security/use"
    message = "the project lists no policy bundle, which templates and macros come from"
    mend = "list it under `policies: bundles:` of stream_project.yml"
    return Expansion(resource, [Complaint("CS740", place, message, mend)])


class Loader:
    """Reads the files of one tree; what is wrong with them gathers in `problems`."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._seen = Seen(tree)
        self.blobs = tree.files()
        self.problems: list[Problem] = []
        self.refused: set[str] = set()
        """The names of declarations that were refused."""
        self.unread = False
        """Whether a file could not be read, so that nobody knows what it declares."""
        self._contents: dict[str, bytes] = {}
        self._declared: dict[str, list[Declaration]] = {}
        self._unit_tests: dict[str, list[Declaration]] = {}
        self.sql_files = {path for path in self.blobs if path.endswith(".sql")}
        self.expand: Expand = _nothing_to_expand
        """What fills in the templates and macros of bundles."""

    def refuse_links(self) -> None:
        """Links could lead out of the project, and a commit holds only their text."""
        for path in sorted(self._tree.links()):
            mend = "put the file itself here"
            self._tell(Problem(Location(path), "CS104", "a symbolic link is not followed", mend))

    def declaring_files(self) -> list[str]:
        """The YAML files that may declare resources, sorted."""
        return sorted(
            path
            for path in self.blobs
            if path.startswith(DECLARING) and path.endswith(YAML_SUFFIXES)
        )

    def preload(self, paths: Iterable[str]) -> None:
        """Read many files at once."""
        self._contents.update(self._tree.read([p for p in paths if p not in self._contents]))

    def content(self, path: str) -> bytes:
        """A file's bytes; the file must be one of `blobs`."""
        if path not in self._contents:
            self.preload([path])
        return self._contents[path]

    def project(self) -> Project:
        """The project file; raises `Refused` when it is missing or wrong."""
        if PROJECT_FILE not in self.blobs:
            message = f"there is no {PROJECT_FILE} in {self._tree.name}"
            raise Refused([Problem(Location(PROJECT_FILE), "CS106", message)])
        data = yaml.load(self.content(PROJECT_FILE), PROJECT_FILE)
        project = self._parsed(Project, self._seen.settings(data), PROJECT_FILE, "")
        if not isinstance(project, Project):
            raise Refused(self.problems)
        self._refuse_environments(data)
        self._refuse_cluster(project)
        return project

    def _refuse_cluster(self, project: Project) -> None:
        """Once here, not at everything that stands on the cluster."""
        name = project.default_cluster
        if name is not None and project.clusters and name not in project.clusters:
            message = f"there is no cluster named '{name}'"
            location = self.locate(PROJECT_FILE, "/default_cluster")
            raise Refused([Problem(location, "CS302", message, near(name, project.clusters))])

    def _refuse_environments(self, data: Any) -> None:
        """What an environment lays over must fit, whichever is looked at."""
        told = len(self.problems)
        for name, seen in self._seen.others(data):
            parsed = parse(Project, seen)
            for found in () if isinstance(parsed, Authored) else parsed:
                location = self.locate(PROJECT_FILE, f"/environments/{name}{found.pointer}")
                message = f"environment '{name}': {found.message}"
                self._tell(Problem(location, found.code, message, found.mend))
        if len(self.problems) > told:
            raise Refused(self.problems)

    def declarations(self, path: str) -> list[Declaration]:
        """What a YAML file declares; the problems it has are kept once."""
        declared = self._declared.get(path)
        if declared is None:
            declared = self._declared[path] = self._declare(path)
        return declared

    def unit_tests(self, path: str) -> list[Declaration]:
        """The tests on given rows of a YAML file: nothing compiles them."""
        self.declarations(path)
        return self._unit_tests.get(path, [])

    def locate(self, path: str, pointer: str = "", line: int = 0, column: int = 0) -> Location:
        """The line and column of a place in a file; see `yaml.locate`."""
        if path.endswith(YAML_SUFFIXES) and path in self.blobs:
            return yaml.locate(self.content(path), path, pointer, line, column)
        return Location(path, line, column)

    def _tell(self, problem: Problem) -> None:
        self.problems.append(problem)

    def _declare(self, path: str) -> list[Declaration]:
        try:
            data = yaml.load(self.content(path), path)
        except Refused as refused:
            self.problems.extend(refused.problems)
            self.unread = True
            return []
        if data is None:
            return []
        if not isinstance(data, dict):
            mend = "write lists under the keys sources, models, tests and exposures"
            self._tell(Problem(Location(path, 1), "CS107", "the file is not a mapping", mend))
            return []
        declared: list[Declaration] = []
        for key, items in data.items():
            self._declare_list(path, key, items, declared)
        return declared

    def _declare_list(self, path: str, key: str, items: Any, declared: list[Declaration]) -> None:
        if key not in KINDS:
            location = self.locate(path, f"/{key}")
            mend = near(key, KINDS)
            self._tell(Problem(location, "CS111", f"unknown key '{key}'", mend))
            self._refuse(items)
        elif items is None:
            return
        elif not isinstance(items, list):
            location = self.locate(path, f"/{key}")
            self._tell(Problem(location, "CS107", f"'{key}' must be a list", "start it with '- '"))
            self._refuse(items)
        else:
            class_ = resource_class(key)
            for index, item in enumerate(items):
                if is_unit_test(key, item):
                    self._declare_unit_test(path, f"/{key}/{index}", item)
                else:
                    self._declare_item(path, key, class_, index, item, declared)

    def _refuse(self, items: Any) -> None:
        """Keep the names, so that whoever reads one is not told that there is none."""
        for item in items if isinstance(items, list) else [items]:
            if isinstance(item, dict) and isinstance(item.get("name"), str):
                self.refused.add(item["name"])

    def _declare_unit_test(self, path: str, pointer: str, item: Any) -> None:
        test: Any = self._parsed(unit_test_class(), item, path, pointer)
        if test is not None:
            declaration = Declaration(
                f"test.{test.name}", "test", test.name, test, path, pointer, self.blobs[path]
            )
            self._unit_tests.setdefault(path, []).append(declaration)

    def _declare_item(
        self,
        path: str,
        key: str,
        class_: type[Authored],
        index: int,
        item: Any,
        declared: list[Declaration],
    ) -> None:
        pointer = f"/{key}/{index}"
        resource: Any = self._parsed(class_, item, path, pointer)
        if resource is None:
            self._refuse([item])
            return
        kind = KIND_OF_KEY[key]
        resource = self._seen.resource(kind, resource)
        name = resource.name
        declaration = Declaration(
            f"{kind}.{name}", kind, name, resource, path, pointer, self.blobs[path]
        )
        if kind == "model":
            self._attach_sql(declaration)
        if kind == "test":
            named = resource.template is not None
        else:
            named = kind != "exposure" and bool(resource.security.use)
        if named:
            self._expand(declaration)
        declared.append(declaration)

    def _expand(self, declaration: Declaration) -> None:
        expansion = self.expand(declaration.kind, declaration.resource)
        declaration.resource, declaration.borrowed = expansion.resource, expansion.borrowed
        for found in expansion.complaints:
            location = self.locate(declaration.path, declaration.pointer + found.pointer)
            self._tell(
                Problem(location, found.code, found.message, found.mend, node=declaration.id)
            )

    def _parsed(
        self, class_: type[Authored], data: Any, path: str, pointer: str
    ) -> Authored | None:
        parsed = parse(class_, data)
        if isinstance(parsed, Authored):
            return parsed
        for complaint in parsed:
            location = self.locate(path, pointer + complaint.pointer)
            self._tell(Problem(location, complaint.code, complaint.message, complaint.mend))
        return None

    def _attach_sql(self, declaration: Declaration) -> None:
        model = declaration.resource
        if model.sql is not None:
            declaration.sql = model.sql
            return
        path = f"models/{model.name}.sql" if model.sql_file is None else model.sql_file
        if path not in self.sql_files:
            path = f"{declaration.path.rpartition('/')[0]}/{path}"
        if path in self.sql_files and model.cel is None:
            declaration.sql, declaration.sql_path = self._text(path), path
            declaration.digest += self.blobs[path]
        elif model.sql_file is not None:
            mend = near(model.sql_file, self.sql_files)
            message = f"there is no file '{model.sql_file}' in the project"
            location = self.locate(declaration.path, f"{declaration.pointer}/sql_file")
            self._tell(Problem(location, "CS108", message, mend, node=declaration.id))

    def _text(self, path: str) -> str:
        content = self.content(path)
        if len(content) > MAX_BYTES:
            limit = f"{MAX_BYTES // 1024 // 1024} MB"
            self._tell(Problem(Location(path), "CS102", f"the file is larger than {limit}"))
            return ""
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            mend = "save the file as UTF-8"
            self._tell(Problem(Location(path, line), "CS103", "the file is not UTF-8 text", mend))
            return ""
