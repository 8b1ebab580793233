package stream.rules.naming_test

import data.stream.rules.naming

off := {"sources": "", "models": "", "tests": "", "exposures": "", "topics": "", "columns": ""}

project := {"project": {"name": "shop"}, "nodes": {
	"source.orders": {"kind": "source", "name": "orders", "topic": "ERP", "domain": "sales", "columns": {"Id": {}, "at": {}}},
	"model.paid": {"kind": "model", "name": "paid", "materialized": "flink_stream", "topic": "sales.paid", "domain": "sales", "columns": {"id": {}}},
	"model.out": {"kind": "model", "name": "Out", "materialized": "sink", "topic": "any", "columns": {}},
	"test.t1": {"kind": "test", "name": "t1"},
	"exposure.App": {"kind": "exposure", "name": "App", "columns": ["at"]},
}}

denied(patterns) := {[object.get(finding, "node", ""), finding.msg] |
	some finding in naming.deny with input as project with data.params.naming as object.union(off, patterns)
}

test_nothing_is_asked_for_at_first if {
	count(naming.deny) == 0 with input as project
}

test_names_by_kind if {
	denied({"sources": "^o", "models": "^[a-z]+$", "tests": "^t", "exposures": "^[a-z]+$"}) == {
		["model.out", "the name of model 'Out' does not match '^[a-z]+$'"],
		["exposure.App", "the name of exposure 'App' does not match '^[a-z]+$'"],
	}
}

test_a_pattern_need_not_match_the_whole_name if {
	count(denied({"models": "u|a"})) == 0
}

test_topics_of_models_only if {
	count(denied({"topics": "^sales\\."})) == 0
	denied({"topics": "^crm\\."}) == {["model.paid", "topic 'sales.paid' of model 'paid' does not match '^crm\\.'"]}
}

test_a_domain_is_filled_in if {
	count(denied({"topics": "^{domain}\\.[a-z]+$"})) == 0
	count(denied({"topics": "^{domain}$"})) == 1
	count(denied({"topics": "^{project}\\."})) == 1
}

test_a_node_without_a_domain_does_not_match if {
	{node | some [node, _] in denied({"models": "^({domain}|paid|Out)$"})} == {"model.out"}
}

test_columns_are_told_together if {
	denied({"columns": "^[a-z]$"}) == {
		["source.orders", "columns 'Id', 'at' of 'source.orders' do not match '^[a-z]$'"],
		["model.paid", "column 'id' of 'model.paid' does not match '^[a-z]$'"],
	}
}

test_a_pattern_that_is_none_denies if {
	denied({"models": "a("}) == {["", "'models' of policy 'naming' is no regular expression: 'a('"]}
}
