"""Changes that try to choose their own judges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.review.conftest import (
    BROKEN_MODEL,
    EXPOSURES,
    MODEL,
    PROJECT,
    SOURCE,
    World,
    owners,
)

DENY = """\
# METADATA
# title: nothing is public
# custom:
#   id: house
#   severity: error
package stream.rules.house

deny contains "no column is lost" if count(input.nodes["model.paid"].columns) < 3
"""


def test_a_loosened_policy_does_not_count_in_its_own_pull_request(world: World) -> None:
    world.advance({"policies/house.rego": DENY})
    change = world.open({"models/paid.yml": BROKEN_MODEL, "policies/house.rego": None})
    for login in ("ana", "cem", "pia"):
        change.review(login)

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "failure"
    assert "platform" in owners(reviewed)


def test_a_policy_switched_off_in_the_project_file_still_holds(world: World) -> None:
    world.advance({"policies/house.rego": DENY})
    off = PROJECT.replace("levels: {", 'levels: { house: "off",')
    change = world.open({"models/paid.yml": BROKEN_MODEL, "stream_project.yml": off})

    assert world.judge(change).approvals.gate.state == "failure"


def test_a_policy_that_the_change_adds_is_not_loaded(world: World) -> None:
    change = world.open({"policies/house.rego": "this is no Rego"})

    reviewed = world.judge(change)

    assert owners(reviewed) == {"platform": "missing"}


@pytest.mark.parametrize(
    "path",
    [
        "stream_project.yml", "waivers.yml", "policies/new.rego", "policies/deep/er/x.rego",
        ".github/workflows/gate.yml", ".github/CODEOWNERS", "docs/CODEOWNERS", "CODEOWNERS",
        "action.yml", "tools/action.yaml", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml",
        "hooks/pre-push", ".githooks/x",
    ],
)  # fmt: skip
def test_files_that_rule_the_project_ask_the_owners_of_the_rules(world: World, path: str) -> None:
    texts = {
        "stream_project.yml": PROJECT + "description: new\n",
        "waivers.yml": "waivers: []\n",
        ".github/CODEOWNERS": "* @mia\n",
    }
    change = world.open({path: texts.get(path, "x\n")})

    reviewed = world.judge(change)

    assert owners(reviewed) == {"platform": "missing"}
    standing = reviewed.approvals.of("platform")
    assert standing is not None
    assert standing.requirement.reasons[0].files == (path,)
    change.review("pia")
    assert world.gate(change)[0] == "success"


@pytest.mark.parametrize(
    "path", [".github/a\n`b`.yml", ".github/\u202egnp.yml", ".github/" + "x" * 200, ".github/é ü"]
)
def test_files_with_odd_names_rule_as_well(world: World, path: str) -> None:
    reviewed = world.judge(world.open({path: "x"}))

    assert owners(reviewed) == {"platform": "missing"}
    assert reviewed.approvals.gate.description.isprintable()


@pytest.mark.parametrize("path", ["docs/guide.md", "src/policies.py", "a/.github/x", "hooks.md"])
def test_other_files_ask_nobody(world: World, path: str) -> None:
    assert world.gate(world.open({path: "x"}))[0] == "success"


def test_a_project_file_in_other_words_asks_nobody(world: World) -> None:
    change = world.open({"stream_project.yml": f"# hello\n{PROJECT}"})

    assert world.gate(change)[0] == "success"


def test_the_base_names_more_files_that_rule_it(world: World) -> None:
    more = PROJECT.replace("owners: [platform]", "owners: [platform]\n  files: [/terraform/**]")
    world.advance({"stream_project.yml": more})

    assert owners(world.judge(world.open({"terraform/a/b.tf": "x"}))) == {"platform": "missing"}


def test_nobody_makes_himself_an_owner(world: World) -> None:
    mine = PROJECT.replace(
        'team-shop: { github: ["@ana", "@bo"] }', 'team-shop: { github: "@eve" }'
    )
    world.forge.permissions["eve"] = "write"
    change = world.open({"models/paid.yml": BROKEN_MODEL, "stream_project.yml": mine})
    for login in ("eve", "cem", "pia"):
        change.review(login)

    assert owners(world.judge(change)) == {
        "platform": "approved", "team-billing": "approved", "team-shop": "missing",
    }  # fmt: skip


def test_nobody_makes_himself_an_owner_of_the_rules(world: World) -> None:
    mine = PROJECT.replace("owners: [platform]", "owners: [team-mine]").replace(
        "owners:\n", 'owners:\n  team-mine: { github: ["@eve"] }\n', 1
    )
    world.forge.permissions["eve"] = "write"
    change = world.open({"stream_project.yml": mine})
    change.review("eve")

    assert owners(world.judge(change)) == {"platform": "missing"}


def test_an_owner_renamed_in_the_same_change_is_still_asked(world: World) -> None:
    change = world.open(
        {
            "models/paid.yml": BROKEN_MODEL.replace("team-shop", "team-eve"),
            "sources/orders.yml": SOURCE.replace("team-shop", "team-eve"),
            "exposures/apps.yml": EXPOSURES.replace("team-shop", "team-eve"),
            "stream_project.yml": PROJECT.replace(
                'team-shop: { github: ["@ana", "@bo"] }', 'team-eve: { github: ["@eve"] }'
            ),
        }
    )
    world.forge.permissions["eve"] = "write"
    for login in ("eve", "cem", "pia"):
        change.review(login)

    found = owners(world.judge(change))

    assert found["team-shop"] == "missing"
    assert found["team-eve"] == "approved"
    change.review("ana")
    assert world.gate(change)[0] == "success"


def test_an_application_that_changes_hands_asks_both(world: World) -> None:
    taken = EXPOSURES.replace("owner: team-billing", "owner: team-shop")
    change = world.open({"exposures/apps.yml": taken})
    change.review("ana")

    assert owners(world.judge(change)) == {"team-billing": "missing", "team-shop": "approved"}


@pytest.mark.parametrize(
    "exposures",
    [
        EXPOSURES.split("  - name: storefront")[0].replace("invoices", "bills"),
        EXPOSURES.replace("name: invoices", "name: bills"),
        "exposures: []\n",
        EXPOSURES.replace('ref("paid")', 'source("orders")', 1),
    ],
    ids=["renamed and cut", "renamed", "removed", "rewired"],
)  # fmt: skip
def test_an_application_taken_out_of_the_way_asks_its_owner(world: World, exposures: str) -> None:
    change = world.open({"models/paid.yml": BROKEN_MODEL, "exposures/apps.yml": exposures})

    assert owners(world.judge(change))["team-billing"] == "missing"


def test_an_application_moved_to_another_file_is_none_other(world: World) -> None:
    change = world.open({"exposures/apps.yml": None, "exposures/all.yml": EXPOSURES})

    assert world.gate(change)[0] == "success"


def test_files_outside_of_where_the_project_looks_are_removals(world: World) -> None:
    change = world.open({"exposures/apps.yml": None, "attic/apps.yml": EXPOSURES})

    assert set(owners(world.judge(change))) == {"team-billing", "team-shop"}


def test_a_model_renamed_everywhere_asks_the_owners(world: World) -> None:
    change = world.open(
        {
            "models/paid.yml": MODEL.replace("name: paid", "name: settled"),
            "exposures/apps.yml": EXPOSURES.replace('"paid"', '"settled"'),
        }
    )

    assert set(owners(world.judge(change))) == {"team-billing", "team-shop"}


def test_an_exposure_that_main_has_got_meanwhile_is_hit_too(world: World) -> None:
    """Where the branch left main, nobody of team-late was there."""
    change = world.open({"models/paid.yml": BROKEN_MODEL})
    late = EXPOSURES + (
        '  - { name: late, type: application, owner: team-late, depends_on: [ref("paid")] }\n'
    )
    text = PROJECT.replace("owners:\n", 'owners:\n  team-late: { github: ["@dee"] }\n', 1)
    world.advance({"exposures/apps.yml": late, "stream_project.yml": text})

    assert set(owners(world.judge(change))) == {"team-billing", "team-late", "team-shop"}


def test_two_changes_that_are_fine_alone_are_judged_together(world: World) -> None:
    change = world.open({"models/more.yml": MODEL.replace("name: paid", "name: more")})
    without = SOURCE.replace("      - { name: note, type: STRING, classification: internal }\n", "")
    world.advance({"sources/orders.yml": without, "models/paid.yml": BROKEN_MODEL})

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "failure"
    assert any(problem.node == "model.more" for problem in reviewed.verdict.problems)


def test_rules_that_main_has_got_meanwhile_hold(world: World) -> None:
    change = world.open({"models/paid.yml": BROKEN_MODEL})
    change.review("ana")
    change.review("cem")
    assert world.gate(change)[0] == "success"

    world.advance({"policies/house.rego": DENY})

    assert world.gate(change)[0] == "failure"


def test_a_conflict_with_main_is_no_success(world: World) -> None:
    change = world.open({"models/paid.yml": BROKEN_MODEL})
    world.advance({"models/paid.yml": MODEL.replace("id, amount, note", "id, note")})
    change.review("ana")
    change.review("cem")

    assert world.gate(change) == ("failure", "it conflicts with main")


def test_a_project_that_is_taken_away_is_a_failure(world: World) -> None:
    change = world.open({"stream_project.yml": None, "other/stream_project.yml": PROJECT})

    state, told = world.gate(change)

    assert (state, told.split(" ")[0]) == ("failure", "CS901")


@pytest.mark.parametrize(
    "files",
    [
        {"models/paid.yml": "models: [{"},
        {"models/paid.yml": f"{MODEL}    owner: again\n"},
        {"stream_project.yml": "name: !!python/object:os.system x\n"},
        {"models/paid.yml": MODEL.replace("amount,", f"{'(' * 600}amount{')' * 600} AS amount,")},
        {"models/bomb.yml": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
            for old, new in zip("abcdefgh", "bcdefghi", strict=True))},
    ],
    ids=["no yaml", "twice", "object", "nested", "bomb"],
)  # fmt: skip
def test_a_head_that_does_not_compile_fails(world: World, files: dict[str, str]) -> None:
    change = world.open(files)
    for login in ("ana", "cem", "pia"):
        change.review(login)

    assert world.gate(change)[0] == "failure"


def test_a_link_in_the_head_is_not_followed(world: World) -> None:
    world.git("checkout", "--quiet", "--detach", world.main)
    (world.root / "models/paid.yml").unlink()
    (world.root / "models/paid.yml").symlink_to("/etc/passwd")
    world.git("add", "--all")
    world.git("commit", "--quiet", "--message", "link")
    head = world.git("rev-parse", "HEAD")
    change = world.forge.open(1, world.main, head)

    assert world.gate(change)[0] == "failure"
    assert any("symbolic link" in told for told in world.judge(change).approvals.gate.reasons)


def test_a_base_that_does_not_compile_asks_the_owners_of_the_rules(world: World) -> None:
    world.advance({"models/paid.yml": BROKEN_MODEL.replace("amount", "nothing")})
    change = world.open({"models/paid.yml": MODEL})
    for login in ("ana", "cem"):
        change.review(login)

    assert owners(world.judge(change))["platform"] == "missing"


def test_a_base_whose_rules_cannot_be_read_is_an_error(world: World) -> None:
    world.advance({"stream_project.yml": "name: [\n"})
    change = world.open({"stream_project.yml": PROJECT})
    change.review("pia")

    state, told = world.gate(change)

    assert (state, told.startswith("the rules of the base cannot be read")) == ("error", True)


def test_policies_of_the_base_that_cannot_judge_are_an_error(world: World) -> None:
    world.advance({"policies/house.rego": "package stream.rules.house\n\nbroken("})
    change = world.open({"docs/x.md": "x"})

    state, told = world.gate(change)

    assert (state, told.startswith("nobody can judge it")) == ("error", True)


def test_rules_without_owners_are_changed_by_administrators(world: World) -> None:
    world.advance(
        {"stream_project.yml": PROJECT.replace("governance:\n  owners: [platform]\n", "")}
    )
    change = world.open({"stream_project.yml": PROJECT})
    change.review("ana")
    assert owners(world.judge(change)) == {"administrators": "missing"}

    change.review("zoe")
    assert world.gate(change) == ("success", "approved by zoe")


def test_a_new_project_is_judged_by_itself(world: World) -> None:
    world.git("checkout", "--quiet", "--orphan", "empty")
    world.git("rm", "-r", "--quiet", "--force", ".")
    world.git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    world.main = world.git("rev-parse", "HEAD")
    files = {
        "stream_project.yml": PROJECT, "sources/orders.yml": SOURCE,
        "models/paid.yml": MODEL, "exposures/apps.yml": EXPOSURES,
    }  # fmt: skip
    change = world.open(files)

    assert owners(world.judge(change)) == {"team-billing": "missing", "team-shop": "missing"}


def test_an_owner_of_nobody_is_a_denial(world: World) -> None:
    world.advance({"stream_project.yml": PROJECT.replace('"@acme/billing"', "")})

    assert world.gate(world.open({"models/paid.yml": BROKEN_MODEL}))[0] == "failure"


@pytest.mark.parametrize(
    "name", ["@acme/billing team", "acme/bil/ling", "@\u0430cme/billing", "@b o"]
)
def test_an_owner_with_an_impossible_name_is_an_error(world: World, name: str) -> None:
    world.advance({"stream_project.yml": PROJECT.replace("@acme/billing", name)})
    change = world.open({"models/paid.yml": BROKEN_MODEL})
    change.review("ana")

    state, told = world.gate(change)

    assert (state, "is no login and no team" in told) == ("error", True)


def test_a_weaker_count_in_the_head_does_not_count(world: World) -> None:
    two = PROJECT.replace(
        "owners: [platform]", "owners: [platform]\n  approvals: { min_approvals: 2 }"
    )
    world.advance({"stream_project.yml": two})
    change = world.open({"models/paid.yml": BROKEN_MODEL, "stream_project.yml": PROJECT})
    for login in ("ana", "cem", "pia"):
        change.review(login)

    assert set(owners(world.judge(change)).values()) == {"missing", "unknown"}


def test_a_waiver_of_the_change_itself_waits_for_the_owners_of_the_rules(world: World) -> None:
    world.advance({"policies/house.rego": DENY})
    waiver = (
        "waivers:\n  - { id: W1, policy: house, node: project, reason: no, owner: team-shop,"
        f" expires: {datetime.now(UTC).date() + timedelta(days=9)} }}\n"
    )
    change = world.open({"models/paid.yml": BROKEN_MODEL, "waivers.yml": waiver})
    change.review("ana")
    change.review("cem")

    assert owners(world.judge(change))["platform"] == "missing"


def test_a_revert_is_a_change_like_any_other(world: World) -> None:
    world.advance({"models/paid.yml": BROKEN_MODEL})
    change = world.open({"models/paid.yml": MODEL})

    assert set(owners(world.judge(change))) == {"team-billing", "team-shop"}
