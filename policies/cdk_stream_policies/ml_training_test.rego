package stream.rules.ml_training_test

import data.stream.rules.ml_training

green := {"nodes": {
	"model.m": {"kind": "model", "columns": {"card": {"classification": "highly_sensitive"}, "id": {"classification": "internal"}}},
	"exposure.e": {
		"kind": "exposure", "name": "e", "type": "ml_training", "consumes": ["model.m"], "columns": [],
		"training": {"use_case": "scoring", "risk_level": "high", "audit_required": true, "lawful_basis": "contract"},
	},
	"exposure.d": {"kind": "exposure", "name": "d", "type": "dashboard", "consumes": ["model.m"], "columns": []},
}}

but(patches) := json.patch(green, patches)

without(key) := but([{"op": "remove", "path": concat("", ["/nodes/exposure.e/training/", key])}])

denied(input_) := {finding.msg | some finding in ml_training.deny with input as input_}

test_green if {
	count(denied(green)) == 0
}

test_every_word_is_asked_for if {
	denied(without("use_case")) == {"training 'exposure.e' does not say its use case"}
	denied(without("risk_level")) == {"the risk of training 'exposure.e' is not said, not one of 'high', 'limited', 'minimal'"}
	denied(without("audit_required")) == {"training 'exposure.e' does not say whether its use of data is audited"}
	denied(without("lawful_basis")) == {"training 'exposure.e' reads column 'card' of 'model.m' without a lawful basis"}
}

test_a_training_that_says_nothing_is_told_everything if {
	count(denied(but([{"op": "remove", "path": "/nodes/exposure.e/training"}]))) == 4
}

test_what_is_risky_is_audited if {
	unaudited := but([{"op": "add", "path": "/nodes/exposure.e/training/audit_required", "value": false}])
	denied(unaudited) == {"training 'exposure.e' of high risk is not audited"}
	count(denied(json.patch(unaudited, [{"op": "add", "path": "/nodes/exposure.e/training/risk_level", "value": "minimal"}]))) == 0
}

test_some_risks_are_not_taken if {
	count(denied(but([{"op": "add", "path": "/nodes/exposure.e/training/risk_level", "value": "unacceptable"}]))) == 1
}

test_what_is_not_read_needs_no_basis if {
	few := json.patch(without("lawful_basis"), [{"op": "add", "path": "/nodes/exposure.e/columns", "value": ["id"]}])
	count(denied(few)) == 0
}
