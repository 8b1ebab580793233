package stream.rules.policy_name_test

import data.stream.rules.policy_name

project(description) := {"nodes": {"model.a": {
	"kind": "model",
	"name": "a",
	"description": description,
}}}

test_a_described_model if {
	count(policy_name.deny) == 0 with input as project("what happened to each payment")
}

test_a_model_that_says_too_little if {
	found := policy_name.deny with input as project("payments")
	found == {{"node": "model.a", "msg": "model 'a' is described in 8 characters, not 10"}}
}

test_another_length if {
	found := policy_name.deny with input as project("payments")
		with data.params.policy_name as {"min_length": 8}
	count(found) == 0
}
