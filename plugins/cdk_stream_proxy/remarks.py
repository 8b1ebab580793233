"""What the Gateway makes of an author's security rules, told at the rule's own line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.plugin.backend import Remark
from cdk_stream.problems import Severity, near
from cdk_stream.resources.project import Project
from cdk_stream.resources.security import Encrypt, Mask, SecurityPolicy
from cdk_stream.results.stream import Stream
from cdk_stream_proxy.group import ACCEPTED, group_of
from cdk_stream_proxy.kms import ALGORITHMS, SCHEMES, address, is_accepted
from cdk_stream_proxy.row import leaves
from cdk_stream_proxy.storage import may_encrypt

_LOST = {
    "tokenization": ("tokenization", "joins and counts on the token are lost"),
    "hash": ("hash", "joins and counts on the hash are lost"),
    "redact": ("redaction", "the value is eight stars instead of the wording you chose"),
    "null": ("nulling", "the value is eight stars instead of NULL"),
}
_PARTIAL = ("mask_first_n", "mask_last_n")
_TEXT = ("STRING", "VARCHAR", "CHAR", "")


def remarks_on(stream: Stream, project: Project) -> Iterator[Remark]:
    """The remarks on the rules that the author of `stream` wrote."""
    for index, policy in enumerate(stream.resource.security.policies):
        pointer = f"/security/policies/{index}"
        yield from _roles(policy, project, pointer)
        if policy.mask is not None:
            yield from _mask(stream, policy.mask, f"{pointer}/mask")
        if policy.encrypt is not None:
            yield from _encrypt(stream, policy.encrypt, project, f"{pointer}/encrypt")


def _roles(policy: SecurityPolicy, project: Project, pointer: str) -> Iterator[Remark]:
    named: dict[str, tuple[str, ...]] = {}
    if policy.mask is not None:
        named["mask/applied_in"] = policy.mask.roles
    if policy.allow is not None:
        named["allow/roles"] = policy.allow.roles
    for where, roles in named.items():
        for role in roles:
            yield from _role(role, project, f"{pointer}/{where}")


def _role(role: str, project: Project, pointer: str) -> Iterator[Remark]:
    told = project.roles.get(role)
    if told is None:  # an error of the core's own
        return
    group = group_of(project, role)
    if not ACCEPTED.fullmatch(group):
        yield Remark(
            "CS521",
            f"the Gateway takes no group called '{group}'",
            f"give the role '{role}' a group: of at most 100 letters, digits, '_' and '-'",
            Severity.ERROR,
            pointer,
        )
    if not told.service_accounts and not told.external_groups:
        yield Remark(
            "CS522",
            f"the role '{role}' has no account, so the rule reaches nobody",
            f"name its service_accounts: or external_groups: under roles: {role}:",
            pointer=pointer,
        )


def _mask(stream: Stream, mask: Mask, pointer: str) -> Iterator[Remark]:
    columns = _listed(mask.column)
    if mask.method in _LOST:
        noun, lost = _LOST[mask.method]
        yield Remark(
            "CS523",
            f"the Gateway has no {noun}: {columns} is masked whole (MASK_ALL), and {lost}",
            "write mask_all, mask_first_n or mask_last_n, encrypt the column for the roles that "
            f"need its value, or make the {mask.method} in a model with a function of your own",
            pointer=f"{pointer}/method",
        )
    if mask.method in _PARTIAL and (mask.characters or 0) < 1:
        yield Remark(
            "CS524",
            f"'{mask.method}' does not say how many characters of {columns} it hides",
            "add characters: with a number from 1",
            Severity.ERROR,
            f"{pointer}/method",
        )
    for column in mask.column:
        yield from _mask_type(stream, column, f"{pointer}/column")


def _mask_type(stream: Stream, column: str, pointer: str) -> Iterator[Remark]:
    holders = (stream, *stream.inputs.values())
    type_ = next(
        (holder.columns[column].type for holder in holders if column in holder.columns), ""
    )
    for leaf in leaves(type_, column):
        if leaf.type.partition("(")[0] in _TEXT:
            continue
        yield Remark(
            "CS525",
            f"a mask writes text, and '{'.'.join(leaf.path)}' is {leaf.type}: readers that expect "
            "the type fail",
            "mask a text column, or leave this one out of the view",
            pointer=pointer,
        )


def _encrypt(stream: Stream, encrypt: Encrypt, project: Project, pointer: str) -> Iterator[Remark]:
    yield from _key(encrypt, project, pointer)
    for column in encrypt.column:
        refusing = [holder for holder in _holders(stream, column) if not may_encrypt(holder)]
        if refusing:
            yield _not_encrypted(column, refusing, pointer)


def _not_encrypted(column: str, refusing: list[Stream], pointer: str) -> Remark:
    sources = [holder for holder in refusing if holder.kind == "source"]
    names = _listed(holder.name for holder in sources or refusing)
    instead = f"'{column}' is masked for everyone except the allowed roles instead"
    if not sources:
        return Remark(
            "CS526",
            f"'{column}' comes from {names}, which no job of ours writes, so it cannot be "
            f"encrypted: {instead}",
            "ask for a mask",
            pointer=pointer,
        )
    topics = _listed(source.topic for source in sources)
    return Remark(
        "CS526",
        f"encrypting '{column}' changes the data of everyone who writes or reads {topics}, which "
        f"takes the word of the source {names}: {instead}",
        f"let the owner of {names} write 'allow_encryption: true' under security:, or ask for a "
        "mask",
        pointer=pointer,
    )


def _key(encrypt: Encrypt, project: Project, pointer: str) -> Iterator[Remark]:
    key = address(encrypt.key, project)
    if not key:
        yield Remark(
            "CS527",
            f"the key '{encrypt.key}' is not in the project's kms",
            near(encrypt.key, project.kms) or "add it under kms: in stream_project.yml",
            Severity.ERROR,
            f"{pointer}/key",
        )
    elif not is_accepted(key):
        yield Remark(
            "CS528",
            f"keys of '{key.partition('://')[0]}' cannot be used"
            + (": they are lost when the Gateway restarts" if key.startswith("in-memory") else ""),
            "use a key of " + ", ".join(f"{scheme}://" for scheme in SCHEMES),
            Severity.ERROR,
            f"{pointer}/key",
        )
    if encrypt.algorithm not in ALGORITHMS:
        yield Remark(
            "CS528",
            f"the Gateway has no algorithm '{encrypt.algorithm}'",
            near(encrypt.algorithm, ALGORITHMS) or "use one of " + ", ".join(ALGORITHMS),
            Severity.ERROR,
            f"{pointer}/algorithm",
        )


def _holders(stream: Stream, column: str) -> list[Stream]:
    """The streams that hold the column's value first, be it the model's or only its inputs'."""
    known = (stream, *stream.inputs.values())
    bearers = [stream] if column in stream.columns else known
    found = {
        node
        for bearer in bearers
        if column in bearer.columns
        for node, _ in bearer.columns[column].copies or ((bearer.id, column),)
    }
    return [holder for holder in _lineage(stream) if holder.id in found]


def _lineage(stream: Stream) -> list[Stream]:
    """The stream and everything it is made of."""
    seen: dict[str, Stream] = {}
    ahead = [stream]
    while ahead:
        at = ahead.pop()
        if at.id not in seen:
            seen[at.id] = at
            ahead += at.inputs.values()
    return sorted(seen.values(), key=lambda found: found.id)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
