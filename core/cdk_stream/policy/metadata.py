"""The `# METADATA` block of a Rego package: what a policy is, for people and for reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cdk_stream.policy.parameter import Parameter, parameter
from cdk_stream.problems import Location, Problem, Refused, Severity, near
from cdk_stream.yaml import load

_MARK = "# METADATA"
_KEYS: dict[str, type] = {
    "authors": list,
    "custom": dict,
    "description": str,
    "entrypoint": bool,
    "organizations": list,
    "related_resources": list,
    "schemas": list,
    "scope": str,
    "title": str,
}
_CUSTOM: dict[str, type] = {
    "id": str,
    "severity": str,
    "remediation": str,
    "category": str,
    "owner": str,
    "params": dict,
}
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}


@dataclass(frozen=True, slots=True)
class Metadata:
    """A policy by its name, and what is said with every finding of its package."""

    id: str
    severity: Severity
    """`error`: its denials hold a change up; `warning`: they are said only."""
    title: str = ""
    description: str = ""
    remediation: str = ""
    docs: str = ""
    """The first of `related_resources`."""
    category: str = ""
    owner: str = ""
    """Who answers for the policy and is asked about it."""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    """What the policy reads as `data.params.<id>`."""

    @property
    def params(self) -> dict[str, Any]:
        """Every parameter's default."""
        return {name: known.default for name, known in self.parameters.items()}


def package_metadata(text: str, path: str, package_line: int) -> Metadata:
    """The block above the package clause on line `package_line` of the Rego `text`.

    Raises `Refused` with CS704 when there is none, or with everything that is wrong in it.
    """
    found = _block(text.splitlines(), package_line - 1)
    if found is None:
        raise Refused(
            [_problem(path, package_line, "the policy has no METADATA above its package", _EXAMPLE)]
        )
    first, lines = found
    try:
        data = load(("\n" * first + "\n".join(lines)).encode(), path)
    except Refused as refused:
        raise Refused(
            Problem(told.location, "CS704", f"METADATA is not YAML: {told.message}", told.mend)
            for told in refused.problems
        ) from refused
    return _metadata(data, path, first)


_EXAMPLE = "write `# METADATA` and below it `# custom:` with `id` and `severity`"


def _block(lines: list[str], package: int) -> tuple[int, list[str]] | None:
    """The YAML of the last block before line `package` that is about the package, by line."""
    for start in range(package - 1, -1, -1):
        if lines[start].rstrip() == _MARK:
            end = start + 1
            while end < package and lines[end].startswith("#"):
                end += 1
            if not any(line.strip() for line in lines[end:package]):
                return start + 1, [line[1:].removeprefix(" ") for line in lines[start + 1 : end]]
    return None


def _metadata(data: Any, path: str, line: int) -> Metadata:
    problems: list[Problem] = []
    top = _checked(data, _KEYS, path, line, problems)
    custom = _checked(top.get("custom"), _CUSTOM, path, line, problems)
    identity = custom.get("id", "")
    if not identity:
        problems.append(_problem(path, line, "METADATA has no 'custom.id'", _EXAMPLE))
    severity = _SEVERITIES.get(custom.get("severity", ""))
    if severity is None:
        mend = "write `severity: error` or `severity: warning` under `custom:`"
        problems.append(_problem(path, line, "METADATA has no valid 'custom.severity'", mend))
    parameters = _parameters(custom.get("params", {}), path, line, problems)
    if problems or severity is None:
        raise Refused(problems)
    return Metadata(
        id=identity,
        severity=severity,
        title=top.get("title", ""),
        description=top.get("description", ""),
        remediation=custom.get("remediation", ""),
        docs=_first_resource(top.get("related_resources", [])),
        category=custom.get("category", ""),
        owner=custom.get("owner", ""),
        parameters=parameters,
    )


def _parameters(
    said: dict[Any, Any], path: str, line: int, problems: list[Problem]
) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for name, value in said.items():
        try:
            found[str(name)] = parameter(str(name), value)
        except ValueError as error:
            problems.append(_problem(path, line, str(error)))
    return found


def _checked(
    value: Any, keys: dict[str, type], path: str, line: int, problems: list[Problem]
) -> dict[str, Any]:
    """The known keys of `value` that have the right type; a problem for every other one."""
    good: dict[str, Any] = {}
    for key, item in value.items() if isinstance(value, dict) else ():
        kind = keys.get(key)
        if kind is None:
            message = f"METADATA has no key '{key}'"
            problems.append(_problem(path, line, message, near(str(key), keys)))
        elif not isinstance(item, kind):
            message = f"'{key}' of METADATA is not a {_WORDS[kind]}"
            problems.append(_problem(path, line, message))
        else:
            good[key] = item
    return good


_WORDS = {str: "text", list: "list", dict: "mapping", bool: "boolean"}


def _first_resource(resources: list[Any]) -> str:
    first = resources[0] if resources else ""
    return str(first.get("ref", "")) if isinstance(first, dict) else str(first)


def _problem(path: str, line: int, message: str, mend: str = "") -> Problem:
    return Problem(Location(path, line), "CS704", message, mend)
