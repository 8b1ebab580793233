"""An exposure -> the rights its accounts need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdk_stream.plugin.backend import Compiled, Remark
from cdk_stream.problems import Severity, near
from cdk_stream.resources.authoring import reference_name
from cdk_stream.resources.exposure import Exposure
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_kafka.acl import Use, for_reader, for_writer, rights


def grant(exposure: Exposure, inputs: Mapping[str, Stream], project: Project) -> Compiled:
    """The rights of every account of the exposure, on every stream it reads or writes."""
    remarks = list(_unknown_roles(exposure, project))
    accounts = _accounts(exposure, project)
    uses = list(_uses(exposure, inputs))
    if uses and not accounts and not remarks:
        remarks.append(_nobody(exposure))
    node = f"exposure.{exposure.name}"
    config = exposure.consumer_config
    consumer_group = (config and config.consumer_group) or exposure.name
    artifacts: list[Artifact] = []
    produces = exposure.producer_config
    transactions = (produces and produces.transactional_id) or ""
    for account in accounts:
        artifacts += rights(node, account, consumer_group, uses, transactions)
    remarks += _beyond_kafka(exposure, inputs)
    artifacts += _compatibility(exposure, inputs)
    return Compiled(tuple(artifacts), tuple(remarks))


def _accounts(exposure: Exposure, project: Project) -> list[str]:
    found = set(exposure.service_accounts)
    for role in exposure.access.allowed_roles:
        if role in project.roles:
            found.update(project.roles[role].service_accounts)
    return sorted(found)


def _uses(exposure: Exposure, inputs: Mapping[str, Stream]) -> Iterator[Use]:
    written = {reference_name(reference) for reference in exposure.produces}
    read = {reference_name(reference) for reference in exposure.reads}
    for _, stream in sorted(inputs.items()):
        if not stream.topic or stream.materialized == "sink":
            continue
        if stream.name in written:
            yield for_writer(stream)
        if stream.name in read:
            yield for_reader(stream)


def _unknown_roles(exposure: Exposure, project: Project) -> Iterator[Remark]:
    for role in exposure.access.allowed_roles:
        if role not in project.roles:
            yield Remark(
                "CS535",
                f"the role '{role}' is not in the project's roles",
                near(role, project.roles) or f"add '{role}' under roles: in stream_project.yml",
                Severity.ERROR,
                "/access/allowed_roles",
            )


def _nobody(exposure: Exposure) -> Remark:
    return Remark(
        "CS536",
        f"no account is known for '{exposure.name}', so it is given no rights",
        "name its roles under access: {allowed_roles: [...]}, or its service_accounts:",
        Severity.NOTE,
    )


def _beyond_kafka(exposure: Exposure, inputs: Mapping[str, Stream]) -> Iterator[Remark]:
    """Rights on a sink's table are the target system's own."""
    for _, stream in sorted(inputs.items()):
        if stream.materialized == "sink" and stream.resource.sink is not None:
            yield Remark(
                "CS537",
                f"'{stream.name}' is read from its {stream.resource.sink.type}, where Kafka's "
                "rights and the Gateway's masks do not reach",
                "grant the exposure's roles there",
                Severity.NOTE,
                "/access",
            )


def _compatibility(exposure: Exposure, inputs: Mapping[str, Stream]) -> Iterator[Artifact]:
    """What a producer promises of its schema's versions, for the sources it writes."""
    contract = exposure.contracts
    said = contract and (contract.compatibility or contract.versioning)
    if not said:
        return
    written = {reference_name(reference) for reference in exposure.produces}
    for _, stream in sorted(inputs.items()):
        reference = getattr(stream.resource, "schema_ref", None)
        if stream.name in written and reference:
            subject = reference.rpartition("://")[2].removeprefix("schema_registry:")
            yield Artifact(
                "subject_compatibility",
                subject,
                stream.cluster,
                f"exposure.{exposure.name}",
                {"subject": subject, "compatibility": str(said).upper()},
            )
