"""Protected columns on their way into a system that knows nothing of our rules."""

from __future__ import annotations

from cdk_stream.plugin.account import job_account
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Protection, Stream, StreamColumn
from cdk_stream_connect.draft import Draft

_MASK = "org.apache.kafka.connect.transforms.MaskField$Value"


def masked_columns(source: Stream, account: str, project: Project) -> list[str]:
    """The columns that the connector must not hand on in clear.

    Whoever reads the target is unknown, so a column passes only when every rule on it
    allows a role that the connector's own account has.
    """
    return [
        name
        for name, column in source.columns.items()
        if column.protections and not _is_allowed(column, account, project)
    ]


def mask(draft: Draft, source: Stream, sink: Stream, project: Project) -> dict[str, str]:
    """The transform that masks `source`'s protected columns; {} when there is nothing to hide."""
    account = job_account(project.name, sink.name)
    hidden = masked_columns(source, account, project)
    if not hidden:
        return {}
    names = ", ".join(f"'{name}'" for name in hidden)
    for name in hidden:
        if name in source.key:
            draft.refuse(
                "CS651",
                f"the key '{name}' of '{source.name}' is protected, and keys are not masked",
                "choose another key, or let a role of the sink's account read it",
                "/sink",
            )
    draft.note(
        "CS650",
        f"{names} of '{source.name}' reach the sink masked: nobody knows who reads it there",
        f"to send them in clear, add '{account}' to the service accounts of a role that is allowed",
        "/sink",
    )
    return {"type": _MASK, "fields": ",".join(hidden)}


def guard_errors(draft: Draft, source: Stream, is_masked: bool) -> None:
    """Rows that fail leave the connector by its log or its dead-letter topic, unmasked."""
    config = draft.config
    dead_letters = config.get("errors.deadletterqueue.topic.name")
    place = "/sink/config"
    if dead_letters:
        config.setdefault("errors.tolerance", "all")
        config.setdefault("errors.deadletterqueue.context.headers.enable", "true")
        config.setdefault("errors.log.enable", "true")
    elif config.get("errors.tolerance", "none") != "none":
        draft.refuse(
            "CS654",
            "'errors.tolerance' other than none drops the rows that fail, and nobody sees them",
            "add 'dead_letter_topic:' to keep them",
            place,
        )
    if dead_letters == source.topic:
        draft.refuse(
            "CS654",
            f"rows that fail would go back to '{source.topic}', where they are read again",
            "name another topic in 'dead_letter_topic:'",
            place,
        )
    if is_masked and dead_letters:
        draft.refuse(
            "CS651",
            f"failed rows of '{source.name}' would land in '{dead_letters}' with nothing masked",
            "leave 'dead_letter_topic' out, so that the connector stops instead",
            place,
        )
    if config.setdefault("errors.log.include.messages", "false") != "false":
        draft.refuse(
            "CS651",
            "'errors.log.include.messages' writes whole rows into the worker's log",
            "remove it",
            place,
        )


def _is_allowed(column: StreamColumn, account: str, project: Project) -> bool:
    return all(_allows(rule, account, project) for rule in column.protections)


def _allows(rule: Protection, account: str, project: Project) -> bool:
    return any(
        role in project.roles and account in project.roles[role].service_accounts
        for role in rule.allowed
    )
