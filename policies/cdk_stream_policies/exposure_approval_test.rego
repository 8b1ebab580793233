package stream.rules.exposure_approval_test

import data.stream.rules.exposure_approval

owners := {"team-a": {"github": ["@acme/a"]}, "nobody": {"github": []}}

hit(owner, severity) := {
	"project": {"owners": owners},
	"impact": [{
		"exposure": "exposure.app",
		"owner": owner,
		"severity": severity,
		"changes": ["model.m", "model.n"],
		"path": ["model.m", "exposure.app"],
	}],
}

test_the_owner_must_approve if {
	found := exposure_approval.require_approval with input as hit("team-a", "breaking")
	found == {{
		"node": "exposure.app",
		"approvers": ["team-a"],
		"msg": "owner 'team-a' of 'exposure.app' must approve a breaking change of 'model.m', 'model.n'",
	}}
}

test_a_known_owner_is_no_denial if {
	found := exposure_approval.deny with input as hit("team-a", "breaking")
	count(found) == 0
}

test_without_a_base_nothing_is_asked if {
	found := exposure_approval.require_approval with input as {"project": {"owners": owners}}
	denied := exposure_approval.deny with input as {"project": {"owners": owners}}
	count(found) + count(denied) == 0
}

test_an_owner_who_is_nobody_denies if {
	every owner in ["stranger", "nobody", ""] {
		found := exposure_approval.deny with input as hit(owner, "risky")
		count(found) == 1
		asked := exposure_approval.require_approval with input as hit(owner, "risky")
		count(asked) == 0
	}
}

test_an_impact_without_an_owner_denies if {
	impact := {"exposure": "exposure.app", "severity": "safe", "changes": ["model.m"], "path": []}
	found := exposure_approval.deny with input as {"project": {"owners": owners}, "impact": [impact]}
	some finding in found
	finding.msg == "a safe change of 'model.m' reaches 'exposure.app', and nobody owns it"
}

test_categories_can_be_left_out if {
	found := exposure_approval.require_approval with input as hit("team-a", "safe")
		with data.params.exposure_approval as {"categories": ["breaking"]}
	count(found) == 0
}

test_an_unknown_category_asks_all_the_same if {
	found := exposure_approval.require_approval with input as hit("team-a", "odd")
		with data.params.exposure_approval as {"categories": ["breaking"]}
	count(found) == 1
}

governed(names) := {
	"project": {"owners": owners},
	"governed": {"files": ["stream_project.yml", "waivers.yml"], "owners": names},
}

test_files_that_rule_the_project_need_their_owners if {
	found := exposure_approval.require_approval with input as governed(["team-a", "nobody"])
	{[finding.msg, finding.approvers] | some finding in found} == {[
		"owners 'nobody', 'team-a' must approve a change of 'stream_project.yml', 'waivers.yml'",
		["team-a", "nobody"],
	]}
	denied := exposure_approval.deny with input as governed(["team-a", "nobody"])
	count(denied) == 0
}

test_owners_who_are_all_nobody_deny if {
	found := exposure_approval.deny with input as governed(["nobody", "stranger"])
	count(found) == 1
	asked := exposure_approval.require_approval with input as governed(["nobody"])
	count(asked) == 0
}

test_without_owners_of_the_rules_nobody_is_asked if {
	found := exposure_approval.require_approval with input as governed([])
	denied := exposure_approval.deny with input as governed([])
	count(found) + count(denied) == 0
}

test_governance_can_be_left_out if {
	found := exposure_approval.require_approval with input as governed(["team-a"])
		with data.params.exposure_approval as {"categories": [], "governed": false}
	count(found) == 0
}

handed_over(to) := {
	"project": {"owners": owners},
	"base": {"owners": {"team-a": {"github": ["@acme/team-a"]}, "gone": {"github": ["@acme/gone"]}}},
	"impact": [{
		"exposure": "exposure.shop",
		"owner": "gone",
		"new_owner": to,
		"severity": "risky",
		"changes": ["exposure.shop"],
	}],
}

test_an_owner_that_the_change_removes_is_still_asked_and_so_is_the_new_one if {
	found := exposure_approval.require_approval with input as handed_over("team-a")
	{name | some finding in found; some name in finding.approvers} == {"gone", "team-a"}
	denied := exposure_approval.deny with input as handed_over("team-a")
	count(denied) == 0
}

test_nobody_takes_over_an_application_in_the_name_of_nobody if {
	found := exposure_approval.deny with input as handed_over("nobody")
	{finding.msg | some finding in found} == {"'exposure.shop' changes hands, and its owner 'nobody' is nobody on GitHub"}
}
