"""What is wrong with policies is told before any of them is asked."""

from __future__ import annotations

import pytest

from cdk_stream.policy.bundle import PolicyBundle, project_bundle
from cdk_stream.policy.check import Policy, load_policies
from cdk_stream.policy.regorus import Regorus
from cdk_stream.problems import Refused, Severity

METADATA = """# METADATA
# title: Streams are named well
# related_resources:
#   - ref: https://acme.test/naming
# custom:
#   id: naming
#   severity: warning
#   remediation: rename it
#   params: {prefix: acme}
"""
RULE = """
deny contains finding if {
	some id, node in input.nodes
	not startswith(node.name, data.params.naming.prefix)
	finding := {"node": id, "msg": "badly named"}
}
"""
GOOD = METADATA + "package stream.rules.naming\n" + RULE
BARE = GOOD.replace("data.params.naming.prefix", '"acme"')


def load(**modules: str) -> tuple[Policy, ...]:
    files = {f"policies/{name}.rego": text for name, text in modules.items()}
    return load_policies([project_bundle(files)], Regorus())


def problems(**modules: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        load(**modules)
    return [str(problem).partition("\n")[0] for problem in refused.value.problems]


def test_a_policy_is_known_by_its_metadata() -> None:
    (policy,) = load(naming=GOOD)
    assert policy.metadata.id == "naming"
    assert policy.metadata.severity is Severity.WARNING
    assert policy.metadata.docs == "https://acme.test/naming"
    assert policy.metadata.params == {"prefix": "acme"}
    assert [entry.rule for entry in policy.entries] == ["deny"]


def test_test_files_and_other_files_are_left_out() -> None:
    files = {"policies/a.rego": GOOD, "policies/a_test.rego": "not Rego", "policies/README.md": ""}
    assert list(project_bundle(files).modules) == ["policies/a.rego"]


WRONG = [
    (
        "not Rego",
        GOOD.replace("deny contains finding if {", "deny contains finding if"),
        "policies/a.rego:14:2: CS701 not Rego: unexpected keyword `not`",
    ),
    ("no package", "# nothing\n", "policies/a.rego:2:1: CS701 not Rego: expecting `package`"),
    (
        "Rego before version 1",
        METADATA + 'package stream.rules.naming\ndeny[msg] { msg := "x" }\n',
        "policies/a.rego:11:11: CS702 this is Rego as it was before version 1",
    ),
    (
        "no METADATA",
        "package stream.rules.naming\n" + RULE.replace("data.params.naming.prefix", '"acme"'),
        "policies/a.rego:1: CS704 the policy has no METADATA above its package",
    ),
    (
        "METADATA of something else",
        GOOD.replace("package", "x\npackage").replace("# METADATA", "# metadata"),
        "policies/a.rego:10:1: CS701 not Rego: expecting `package`",
    ),
    (
        "METADATA that is not YAML",
        GOOD.replace("rename it", "rename: it: now"),
        "policies/a.rego:8:22: CS704 METADATA is not YAML",
    ),
    (
        "METADATA with a misspelt key",
        GOOD.replace("remediation", "remedation"),
        "policies/a.rego:1: CS704 METADATA has no key 'remedation'",
    ),
    (
        "METADATA with a key of the wrong type",
        GOOD.replace("{prefix: acme}", "acme"),
        "policies/a.rego:1: CS704 'params' of METADATA is not a mapping",
    ),
    (
        "no id",
        GOOD.replace("#   id: naming\n", ""),
        "policies/a.rego:1: CS704 METADATA has no 'custom.id'",
    ),
    (
        "no severity",
        GOOD.replace("warning", "grave"),
        "policies/a.rego:1: CS704 METADATA has no valid 'custom.severity'",
    ),
    (
        "a policy that decides nothing",
        GOOD.replace("deny contains", "denies contains"),
        "policies/a.rego:10: CS706 policy 'stream.rules.naming' decides nothing",
    ),
    (
        "a rule that answers yes or no",
        GOOD + "warn if count(input.nodes) == 0\n",
        "policies/a.rego:17:1: CS706 rule 'warn' does not collect findings",
    ),
    (
        "a rule that makes an object",
        GOOD + 'require_approval["x"] if count(input.nodes) == 0\n',
        "policies/a.rego:17:1: CS706 rule 'require_approval' does not collect findings",
    ),
    (
        "a package of another kind",
        BARE.replace("stream.rules.naming\n", "main\n"),
        "policies/a.rego:10: CS707 package 'main' is neither a policy nor a library",
    ),
    (
        "a package below a policy's",
        BARE.replace("stream.rules.naming\n", "stream.rules.naming.more\n"),
        "policies/a.rego:10: CS707 package 'stream.rules.naming.more' is neither",
    ),
    (
        "an unknown function",
        GOOD.replace("startswith(", "starts_with("),
        "policies/a.rego:14:6: CS709 there is no function 'starts_with'",
    ),
    (
        "an unknown parameter",
        GOOD.replace("naming.prefix", "naming.prefx"),
        "policies/a.rego:14:28: CS709 policy 'naming' has no parameter 'prefx'",
    ),
    (
        "parameters of an unknown policy",
        GOOD.replace("params.naming", "params.nameing"),
        "policies/a.rego:14:28: CS709 there is no policy 'nameing' with parameters",
    ),
    (
        "data that is not there",
        GOOD.replace("data.params.naming", "data.settings"),
        "policies/a.rego:14:28: CS709 there is no 'data.settings'",
    ),
    (
        "an unknown package",
        GOOD.replace("data.params.naming.prefix", "data.stream.lib.prefix"),
        "policies/a.rego:14:28: CS709 there is no package 'data.stream.lib.prefix'",
    ),
]


@pytest.mark.parametrize(("text", "told"), [case[1:] for case in WRONG], ids=[w[0] for w in WRONG])
def test_a_faulty_policy_is_refused_at_its_place(text: str, told: str) -> None:
    (problem,) = problems(a=text)
    assert problem.startswith(told)


@pytest.mark.parametrize(
    "call",
    [
        'http.send({"url": "http://x"})',
        'http["send"]({"url": "http://x"})',
        "opa.runtime()",
        'opa["\\u0072untime"]()',
        'net.lookup_ip_addr("x")',
        'rand.intn("x", 3)',
        'uuid.rfc4122("x")',
        "time.now_ns()",
    ],
)
def test_functions_that_look_beyond_the_input_are_banned(call: str) -> None:
    text = GOOD.replace('"badly named"', f'sprintf("%v", [[y | y := {call}]])')
    (problem,) = problems(a=text)
    assert ": CS708 function '" in problem


def test_a_misspelt_rule_of_a_library_is_told() -> None:
    library = "package stream.lib.acme\nsmall(n) if n < 3\n"
    text = METADATA + "package stream.rules.naming\nimport data.stream.lib.acme\n"
    assert problems(lib=library, a=text + 'deny contains "x" if acme.smal(2)\n') == [
        "policies/a.rego:12:22: CS709 package 'stream.lib.acme' has no rule 'smal'"
    ]
    assert load(lib=library, a=text + 'deny contains "x" if acme.small(2)\n')


def test_no_policy_is_no_verdict() -> None:
    assert problems() == ["stream_project.yml: CS703 there is no policy to judge by"]
    assert problems(lib="package stream.lib.x\ny := 1\n") == [
        "stream_project.yml: CS703 there is no policy to judge by"
    ]


def test_every_problem_is_told_at_once() -> None:
    other = GOOD.replace("id: naming", "id: other").replace("rules.naming", "rules.other")
    told = problems(
        a=GOOD.replace("startswith", "stratswith"), b=other.replace("input", "uuid.rfc4122(1)")
    )
    assert [problem.split(" ")[1] for problem in told] == ["CS709", "CS708"]


def test_ids_are_unique() -> None:
    assert problems(
        a=GOOD, b=GOOD.replace("package stream.rules.naming", "package stream.rules.b")
    ) == ["policies/b.rego: CS705 policy id 'naming' is taken by 'policies/a.rego'"]


def test_a_policy_is_one_file() -> None:
    told = problems(a=GOOD, b=GOOD.replace("id: naming", "id: other"))
    assert told == [
        "policies/b.rego:10: CS705 package 'stream.rules.naming' is declared in 'policies/a.rego'"
        " as well"
    ]


def test_a_bundle_adds_nothing_to_the_library_of_another() -> None:
    core = PolicyBundle("core", {"core/lib.rego": "package stream.lib\nanswer := 42\n"})
    for package in ("stream.lib", "stream.lib.answer"):
        own = {"policies/a.rego": GOOD, "policies/lib.rego": f"package {package}\nrest := 1\n"}
        with pytest.raises(Refused, match=r"policies/lib\.rego:1: CS705"):
            load_policies([core, project_bundle(own)], Regorus())


def test_two_bundles_bring_no_file_of_one_name() -> None:
    with pytest.raises(Refused, match="CS705 bundles 'project' and 'twin' both bring this file"):
        load_policies(
            [project_bundle({"a.rego": GOOD}), PolicyBundle("twin", {"a.rego": GOOD})], Regorus()
        )
