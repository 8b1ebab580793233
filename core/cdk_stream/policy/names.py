"""Names in Rego that nothing answers to: each would silently make a rule that never fires."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cdk_stream.policy.banned import BANNED
from cdk_stream.policy.metadata import Metadata
from cdk_stream.policy.module import Mention, Module
from cdk_stream.policy.signature import signatures
from cdk_stream.problems import Problem, near

_Names = dict[tuple[str, ...], set[str]]


def misspelt(
    modules: Sequence[Module], builtins: frozenset[str], policies: Iterable[Metadata]
) -> Iterator[Problem]:
    """CS708 for banned functions, CS709 for functions, rules and parameters that do not exist,
    CS716 for functions that the engine lacks and OPA has.
    """
    rules: _Names = defaultdict(set)
    for module in modules:
        rules[module.package] |= {head.name for head in module.heads}
    params = {policy.id: set(policy.params) for policy in policies}
    for module in modules:
        for mention in module.mentions:
            found = _judge(module, mention, builtins, rules, params)
            if found:
                code, message, mend = found
                yield Problem(module.at(mention.line, mention.column), code, message, mend)


def _judge(
    module: Module,
    mention: Mention,
    builtins: frozenset[str],
    rules: _Names,
    params: dict[str, set[str]],
) -> tuple[str, str, str] | None:
    name = mention.name
    if name[0] == "data":
        return _judge_data(name[1:], rules, params)
    dotted = ".".join(name)
    if dotted in BANNED:
        return "CS708", f"function '{dotted}' is not for policies", BANNED[dotted]
    own = rules[module.package]
    if dotted in builtins or name[0] in own:
        return None
    if dotted in signatures():
        mend = "name an OPA that has it under `policies:`, `engine: opa` or `engine: {server: URL}`"
        return "CS716", f"this engine has no function '{dotted}'", mend
    return "CS709", f"there is no function '{dotted}'", near(dotted, builtins | own)


def _judge_data(
    name: tuple[str, ...], rules: _Names, params: dict[str, set[str]]
) -> tuple[str, str, str] | None:
    """`name` is what follows `data`; what is computed (`data.params[id]`) is taken on trust."""
    if name[:1] == ("params",):
        return _judge_param(name[1:], params)
    if name[:1] == ("stream",):
        return _judge_rule(name, rules)
    if not name:
        return None
    mend = near(name[0], ("params", "stream"))
    return "CS709", f"there is no 'data.{name[0]}'", mend


def _judge_param(name: tuple[str, ...], params: dict[str, set[str]]) -> tuple[str, str, str] | None:
    if name and name[0] not in params:
        return "CS709", f"there is no policy '{name[0]}' with parameters", near(name[0], params)
    if len(name) > 1 and name[1] not in params[name[0]]:
        mend = near(name[1], params[name[0]]) or "give it a default under `custom.params:`"
        return "CS709", f"policy '{name[0]}' has no parameter '{name[1]}'", mend
    return None


def _judge_rule(name: tuple[str, ...], rules: _Names) -> tuple[str, str, str] | None:
    package = next((name[:end] for end in range(len(name), 0, -1) if name[:end] in rules), None)
    if package is None:
        if any(known[: len(name)] == name for known in rules):
            return None
        known = {".".join(package) for package in rules}
        return "CS709", f"there is no package 'data.{'.'.join(name)}'", near(".".join(name), known)
    rest = name[len(package) :]
    if rest and rest[0] not in rules[package]:
        message = f"package '{'.'.join(package)}' has no rule '{rest[0]}'"
        return "CS709", message, near(rest[0], rules[package])
    return None
