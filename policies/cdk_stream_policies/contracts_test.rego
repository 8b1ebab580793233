package stream.rules.contracts_test

import data.stream.rules.contracts

green := {"nodes": {
	"source.s": {"kind": "source", "name": "s", "schema_ref": "sr://s"},
	"model.m": {
		"kind": "model", "name": "m", "materialized": "flink_stream", "public": true, "version": 1,
		"contract": {"schema": "strict", "compatibility": "backward"},
	},
	"exposure.p": {
		"kind": "exposure", "name": "p", "produces": ["source.s"],
		"contracts": {"schema": "strict", "versioning": "full"},
	},
	"exposure.c": {"kind": "exposure", "name": "c", "produces": []},
}}

but(patches) := json.patch(green, patches)

set_to(path, value) := but([{"op": "add", "path": path, "value": value}])

without(path) := but([{"op": "remove", "path": path}])

denied(input_) := {[finding.node, finding.msg] | some finding in contracts.deny with input as input_}

test_green if {
	count(denied(green)) == 0
}

test_a_producer_promises_a_strict_schema if {
	denied(set_to("/nodes/exposure.p/contracts/schema", "lenient")) == {["exposure.p", "producer 'exposure.p' promises a lenient schema, not 'strict'"]}
	denied(without("/nodes/exposure.p/contracts/schema")) == {["exposure.p", "producer 'exposure.p' promises no schema, not 'strict'"]}
}

test_a_producer_without_any_contract_is_told_both if {
	count(denied(without("/nodes/exposure.p/contracts"))) == 2
}

test_a_producer_says_how_its_schema_may_change if {
	denied(set_to("/nodes/exposure.p/contracts/versioning", "none")) == {["exposure.p", "producer 'exposure.p' does not promise how its schema may change: none"]}
}

test_a_strict_schema_needs_a_schema if {
	denied(without("/nodes/source.s/schema_ref")) == {["source.s", "'exposure.p' promises a strict schema for source 's', which has none"]}
}

test_a_public_model_has_a_contract if {
	count(denied(without("/nodes/model.m/contract"))) == 2
	count(denied(but([
		{"op": "remove", "path": "/nodes/model.m/contract"},
		{"op": "add", "path": "/nodes/model.m/public", "value": false},
	]))) == 0
}

test_a_schema_reference_is_strict if {
	count(denied(set_to("/nodes/model.m/contract/schema", "sr://m"))) == 0
}

test_what_is_asked_for_can_be_less if {
	found := denied(without("/nodes/exposure.p/contracts")) with data.params.contracts as {"schemas": [], "compatibility": [], "notes": [], "versions": []}
	count(found) == 0
}

changed(id, codes) := set_to("/changes", [{"node": id, "kind": "modified", "category": "risky", "aspects": [
{"code": code, "category": "risky", "message": lower(code)} | some code in codes
]}])

noted(input_, path) := json.patch(input_, [{"op": "add", "path": path, "value": "read it as NULL"}])

test_a_new_column_of_a_strict_schema_comes_with_a_note if {
	grown := changed("model.m", ["COLUMN_ADDED", "DESCRIBED"])
	denied(grown) == {["model.m", "the strict schema of 'model.m' changes without a note for its readers: column_added"]}
	count(denied(noted(grown, "/nodes/model.m/contract/migration_note"))) == 0
}

test_a_producers_note_is_for_its_sources if {
	grown := changed("source.s", ["COLUMN_ADDED"])
	denied(grown) == {["exposure.p", "the strict schema of 'source.s' changes without a note for its readers: column_added"]}
	count(denied(noted(grown, "/nodes/exposure.p/contracts/migration_note"))) == 0
}

test_a_lenient_schema_changes_as_it_likes if {
	lenient := json.patch(changed("model.m", ["COLUMN_ADDED"]), [
		{"op": "add", "path": "/nodes/model.m/public", "value": false},
		{"op": "add", "path": "/nodes/model.m/contract/schema", "value": "lenient"},
	])
	count(denied(lenient)) == 0
}

test_a_broken_contract_is_a_new_version if {
	note := "/nodes/model.m/contract/migration_note"
	denied(noted(changed("model.m", ["COLUMN_REMOVED"]), note)) == {["model.m", "the contract of 'model.m' is broken within its version: column_removed"]}
	count(denied(noted(changed("model.m", ["COLUMN_REMOVED", "VERSION_CHANGED"]), note))) == 0
}
