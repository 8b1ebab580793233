"""Files -> a bundle: its terms, policies, templates and macros."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cdk_stream import yaml
from cdk_stream.bundle.limits import FILE, MACROS, TEMPLATES
from cdk_stream.bundle.piece import check_piece
from cdk_stream.policy.bundle import OWN, PolicyBundle, rego_files
from cdk_stream.policy.parameter import Parameter, argument
from cdk_stream.policy.terms import Terms
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.authoring import Authored
from cdk_stream.resources.bundle import BundleFile, Piece, SecurityMacro, TestTemplate
from cdk_stream.resources.parse import parse
from cdk_stream.resources.pin import BundlePin

T = TypeVar("T", bound=Authored)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template or a macro, and what it must be given."""

    piece: Any
    """`TestTemplate` or `SecurityMacro`."""
    parameters: dict[str, Parameter]
    bundle: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one bundle brings."""

    file: BundleFile
    policies: PolicyBundle
    templates: dict[str, Pattern]
    macros: dict[str, Pattern]
    pin: BundlePin | None = None
    """None for a folder that is tested where it lies."""

    @property
    def name(self) -> str:
        return self.file.name


def read_bundle(files: Mapping[str, bytes], pin: BundlePin | None = None) -> Bundle:
    """The bundle in these files; raises `Refused` with everything wrong with it but its Rego."""
    prefix = _prefix(files, pin)
    file = _read(BundleFile, files.get(FILE), f"{prefix}{FILE}")
    problems: list[Problem] = []
    if file.name == OWN:
        where = yaml.locate(files[FILE], f"{prefix}{FILE}", "/name")
        message = f"'{OWN}' is the name of a project's own policies"
        problems.append(Problem(where, "CS733", message, "choose another name"))
    texts = {
        f"{prefix}{path}": content.decode("utf-8", "replace")
        for path, content in files.items()
        if path.endswith(".rego")
    }
    bundle = Bundle(
        file,
        PolicyBundle(file.name, rego_files(texts), _terms(file, f"{prefix}{FILE}")),
        _patterns(TestTemplate, TEMPLATES, files, prefix, file.name, problems),
        _patterns(SecurityMacro, MACROS, files, prefix, file.name, problems),
        pin,
    )
    if problems:
        raise Refused(problems)
    return bundle


def _prefix(files: Mapping[str, bytes], pin: BundlePin | None) -> str:
    """How messages name a bundle's files: `acme-rules@1a2b3c4/`; nothing for a folder at hand."""
    if pin is None:
        return ""
    name = pin.source.rstrip("/").rpartition("/")[2].removesuffix(".git")
    try:
        said = yaml.load(files.get(FILE, b""), FILE)
    except Refused:
        said = None
    if isinstance(said, dict) and isinstance(said.get("name"), str):
        name = said["name"]
    return f"{name}@{pin.short}/"


def _terms(file: BundleFile, path: str) -> Terms:
    return Terms(
        path, file.required, file.levels, file.params, dict(file.overridable), file.unwaivable
    )


def _read(class_: type[T], content: bytes | None, path: str) -> T:
    if content is None:
        mend = "write at least `name:` into it; docs/how-to/share-policies.md shows one"
        raise Refused([Problem(Location(path), "CS733", f"there is no {FILE} in the bundle", mend)])
    data = yaml.load(content, path)
    parsed = parse(class_, {} if data is None else data)
    if isinstance(parsed, class_):
        return parsed
    assert isinstance(parsed, list)
    raise Refused(
        Problem(yaml.locate(content, path, one.pointer), one.code, one.message, one.mend)
        for one in parsed
    )


def _patterns(
    class_: type[Piece],
    folder: str,
    files: Mapping[str, bytes],
    prefix: str,
    bundle: str,
    problems: list[Problem],
) -> dict[str, Pattern]:
    found = {}
    for path in sorted(files):
        if not path.startswith(f"{folder}/"):
            continue
        try:
            piece = _read(class_, files[path], prefix + path)
        except Refused as refused:
            problems += refused.problems
            continue
        told: list[tuple[str, str, str]] = []
        parameters = _parameters(piece, told)
        told += check_piece(piece, parameters)
        for pointer, message, mend in told:
            where = yaml.locate(files[path], prefix + path, pointer)
            problems.append(Problem(where, "CS742", message, mend))
        name = path[len(folder) + 1 : path.rindex(".")]
        found[name] = Pattern(piece, parameters, bundle)
    return found


def _parameters(piece: Piece, told: list[tuple[str, str, str]]) -> dict[str, Parameter]:
    found = {}
    for name, said in piece.params.items():
        try:
            found[name] = argument(name, said)
        except ValueError as error:
            told.append((f"/params/{name}", str(error), ""))
    return found
