package stream.rules.fail_closed_test

import data.stream.rules.fail_closed

secret := {"classification": "highly_sensitive", "analysis": "exact", "protections": []}

masked := object.union(secret, {"protections": [{"method": "mask"}]})

plain := {"classification": "internal", "analysis": "exact", "protections": []}

source := {"id": "source.s", "kind": "source", "name": "s", "owner": "team", "open": false, "columns": {"a": plain}}

model := {
	"id": "model.m", "kind": "model", "name": "m", "materialized": "virtual_topic",
	"open": false, "public": false, "columns": {"a": plain},
}

quality := {"id": "test.t", "kind": "test", "name": "t", "model": "model.m", "assertions": [{"kind": "not_null"}]}

app := {"id": "exposure.e", "kind": "exposure", "name": "e", "owner": "team", "consumes": ["model.m"], "columns": []}

sink := object.union(model, {"id": "model.k", "name": "k", "materialized": "sink"})

parents := {"source.s": [], "model.m": ["source.s"], "model.k": ["model.m"], "test.t": ["model.m"], "exposure.e": ["model.m"]}

green := {
	"project": {"owners": {"team": {"github": ["@a"]}}},
	"nodes": {"source.s": source, "model.m": model, "test.t": quality, "exposure.e": app},
	"parents": parents,
	"children": {"source.s": ["model.m"], "model.m": ["test.t", "exposure.e", "model.k"], "test.t": [], "exposure.e": [], "model.k": []},
}

but(changes) := json.patch(green, changes)

set_to(path, value) := but([{"op": "add", "path": path, "value": value}])

without(path) := but([{"op": "remove", "path": path}])

denied(input_) := {[finding.node, finding.msg] | some finding in fail_closed.deny with input as input_}

test_green if {
	count(denied(green)) == 0
}

test_a_source_has_an_owner if {
	denied(without("/nodes/source.s/owner")) == {["source.s", "source 's' has no owner"]}
}

test_an_exposure_has_an_owner if {
	denied(without("/nodes/exposure.e/owner")) == {["exposure.e", "exposure 'e' has no owner"]}
}

test_the_owner_is_one_of_the_projects if {
	denied(set_to("/nodes/source.s/owner", "ghost")) == {["source.s", "owner 'ghost' of source 's' is not known"]}
}

test_a_public_model_has_an_owner if {
	denied(set_to("/nodes/model.m/public", true)) == {["model.m", "model 'm' has no owner though others outside the project may read it"]}
}

test_a_model_that_shows_secrets_has_an_owner if {
	denied(set_to("/nodes/model.m/columns/a", masked)) == {["model.m", "model 'm' has no owner though it shows data that must be protected"]}
}

test_a_secret_is_protected if {
	input_ := but([
		{"op": "add", "path": "/nodes/model.m/columns/a", "value": secret},
		{"op": "add", "path": "/nodes/model.m/owner", "value": "team"},
	])
	denied(input_) == {["model.m", "column 'a' of model 'm' must be masked or encrypted"]}
}

test_a_masked_secret_is_fine if {
	input_ := but([
		{"op": "add", "path": "/nodes/model.m/columns/a", "value": masked},
		{"op": "add", "path": "/nodes/model.m/owner", "value": "team"},
	])
	count(denied(input_)) == 0
}

test_a_secret_in_a_source_waits_for_a_reader if {
	count(denied(set_to("/nodes/source.s/columns/a", secret))) == 0
}

test_an_exposure_reads_no_bare_secret_of_a_source if {
	input_ := but([
		{"op": "add", "path": "/nodes/source.s/columns/a", "value": secret},
		{"op": "add", "path": "/nodes/exposure.e/consumes", "value": ["source.s"]},
	])
	denied(input_) == {["exposure.e", "exposure 'e' reads column 'a' of source 's', which must be masked or encrypted"]}
}

test_an_exposure_that_reads_other_columns_is_fine if {
	input_ := but([
		{"op": "add", "path": "/nodes/source.s/columns/a", "value": secret},
		{"op": "add", "path": "/nodes/exposure.e/consumes", "value": ["source.s"]},
		{"op": "add", "path": "/nodes/exposure.e/columns", "value": ["b"]},
	])
	count(denied(input_)) == 0
}

test_other_classes_can_be_asked_for if {
	found := denied(set_to("/nodes/model.m/owner", "team")) with data.params.fail_closed as {"min_tests": 1, "protected": ["internal"]}
	found == {["model.m", "column 'a' of model 'm' must be masked or encrypted"]}
}

test_what_an_exposure_reads_is_tested if {
	denied(set_to("/nodes/test.t/assertions", [])) == {["model.m", "model 'm' has 0 of 1 assertions, though an exposure or others outside read it"]}
}

test_a_model_that_nobody_reads_needs_no_test if {
	count(denied(but([
		{"op": "add", "path": "/nodes/test.t/assertions", "value": []},
		{"op": "add", "path": "/nodes/exposure.e/consumes", "value": []},
	]))) == 0
}

reads_sink := [
	{"op": "add", "path": "/nodes/model.k", "value": sink},
	{"op": "add", "path": "/nodes/exposure.e/consumes", "value": ["model.k"]},
]

untested := [{"op": "add", "path": "/nodes/test.t/assertions", "value": []}]

test_a_sink_may_be_tested_where_it_is_made if {
	count(denied(but(reads_sink))) == 0
	denied(but(array.concat(reads_sink, untested))) == {["model.m", "model 'm' has 0 of 1 assertions, though an exposure or others outside read it"]}
}

test_a_sink_may_be_tested_itself if {
	tested := [
		{"op": "add", "path": "/nodes/test.u", "value": object.union(quality, {"id": "test.u", "model": "model.k"})},
		{"op": "add", "path": "/children/model.k", "value": ["test.u"]},
	]
	count(denied(but(array.concat(reads_sink, array.concat(untested, tested))))) == 0
}

test_more_assertions_can_be_asked_for if {
	found := denied(green) with data.params.fail_closed as {"min_tests": 2, "protected": []}
	found == {["model.m", "model 'm' has 1 of 2 assertions, though an exposure or others outside read it"]}
}

test_unknown_lineage_is_denied if {
	denied(set_to("/nodes/model.m/columns/a/analysis", "unknown")) == {["model.m", "it is not known what makes column 'a' of 'model.m'"]}
}

test_an_open_stream_that_is_read_is_denied if {
	denied(set_to("/nodes/source.s/open", true)) == {["source.s", "source 's' is read and may have columns that nobody listed"]}
}

test_an_open_stream_that_nobody_reads_is_fine if {
	count(denied(but([
		{"op": "add", "path": "/nodes/source.s/open", "value": true},
		{"op": "add", "path": "/children/source.s", "value": []},
	]))) == 0
}
