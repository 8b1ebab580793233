package stream.rules.purpose_test

import data.stream.rules.purpose

green := {
	"project": {"roles": {
		"desk": {"purposes": ["care"], "service_accounts": ["desk-ui"]},
		"bi": {"purposes": [], "service_accounts": ["tableau"]},
	}},
	"nodes": {
		"model.m": {"kind": "model", "columns": {
			"card": {"protections": [{"method": "mask", "allowed": ["desk"], "purpose": "care"}, {"method": "mask", "allowed": ["bi"]}]},
			"id": {},
		}},
		"exposure.e": {
			"kind": "exposure", "name": "e", "consumes": ["model.m"], "columns": [],
			"service_accounts": [], "access": {"roles": ["desk"], "purpose": "care"},
		},
		"exposure.p": {
			"kind": "exposure", "name": "p", "consumes": [], "columns": [],
			"service_accounts": [], "access": {"roles": ["desk"]},
		},
	},
}

but(patches) := json.patch(green, patches)

set_to(path, value) := but([{"op": "add", "path": path, "value": value}])

denied(input_) := {finding.msg | some finding in purpose.deny with input as input_}

with_params(input_, params) := {finding.msg |
	some finding in purpose.deny with input as input_ with data.params.purpose as params
}

test_green if {
	count(denied(green)) == 0
}

test_a_role_reads_for_its_purposes_only if {
	"'exposure.e' reads for 'sales', and role 'desk' may not" in denied(set_to("/nodes/exposure.e/access/purpose", "sales"))
	"'exposure.e' reads for no purpose, and role 'desk' may not" in denied(but([{"op": "remove", "path": "/nodes/exposure.e/access/purpose"}]))
}

test_a_role_without_purposes_reads_for_any if {
	free := but([
		{"op": "add", "path": "/nodes/exposure.e/access/roles", "value": ["bi"]},
		{"op": "add", "path": "/nodes/exposure.e/access/purpose", "value": "sales"},
	])
	count(denied(free)) == 0
}

test_an_account_brings_its_role if {
	hidden := but([
		{"op": "add", "path": "/nodes/exposure.e/access", "value": {"roles": ["bi"], "purpose": "sales"}},
		{"op": "add", "path": "/nodes/exposure.e/service_accounts", "value": ["desk-ui"]},
	])
	denied(hidden) == {
		"'exposure.e' reads for 'sales', and role 'desk' may not",
		"'exposure.e' reads column 'card' of 'model.m' in clear for 'sales', which is allowed for 'care'",
	}
}

other_use := but([
	{"op": "add", "path": "/project/roles/desk/purposes", "value": ["care", "sales"]},
	{"op": "add", "path": "/nodes/exposure.e/access/purpose", "value": "sales"},
])

test_a_column_opened_for_one_purpose_is_not_read_for_another if {
	denied(other_use) == {"'exposure.e' reads column 'card' of 'model.m' in clear for 'sales', which is allowed for 'care'"}
}

test_unless_it_is_not_read if {
	count(denied(json.patch(other_use, [{"op": "add", "path": "/nodes/exposure.e/columns", "value": ["id"]}]))) == 0
}

test_a_purpose_can_be_required if {
	silent := but([
		{"op": "add", "path": "/nodes/exposure.e/access", "value": {"roles": ["bi"]}},
	])
	with_params(silent, {"required": true, "known": []}) == {"'exposure.e' does not say what it reads for"}
	count(denied(silent)) == 0
}

test_purposes_can_be_a_closed_list if {
	with_params(green, {"required": false, "known": ["audit"]}) == {
		"'care' is no purpose that is known: 'audit'",
		"purpose 'care' of role 'desk' is not known: 'audit'",
	}
}
