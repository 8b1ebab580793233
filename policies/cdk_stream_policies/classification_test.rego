package stream.rules.classification_test

import data.stream.rules.classification

column(edges) := {"type": "STRING", "edges": edges}

classified := {"type": "STRING", "edges": [], "classification": "internal"}

project(source, model) := {"nodes": {
	"source.a": {"kind": "source", "name": "a", "columns": source},
	"model.b": {"kind": "model", "name": "b", "columns": model},
	"exposure.c": {"kind": "exposure", "name": "c", "columns": ["x"]},
}}

messages(input_) := {finding.msg | some finding in classification.deny with input as input_}

test_all_classified if {
	count(messages(project({"x": classified}, {"y": classified}))) == 0
}

test_a_gap_of_one_column_names_it if {
	found := classification.deny with input as project({"x": column([]), "y": classified}, {})
	found == {{"node": "source.a", "columns": ["x"], "msg": "column 'x' of source 'a' not classified"}}
}

test_gaps_of_a_node_are_told_together if {
	found := classification.deny with input as project({"x": column([]), "y": column([])}, {})
	found == {{"node": "source.a", "columns": ["x", "y"], "msg": "columns 'x', 'y' of source 'a' not classified"}}
}

test_a_gap_is_told_where_it_begins if {
	model := {"y": column([["source.a", "x", "identity"]])}
	messages(project({"x": column([])}, model)) == {"column 'x' of source 'a' not classified"}
}

test_a_model_is_told_of_a_gap_of_its_own if {
	model := {"y": column([["source.a", "x", "identity"]])}
	messages(project({"x": classified}, model)) == {"column 'y' of model 'b' not classified"}
}

test_an_input_that_is_not_listed_excuses_nothing if {
	model := {"y": column([["source.a", "missing", "identity"]])}
	messages(project({}, model)) == {"column 'y' of model 'b' not classified"}
}
