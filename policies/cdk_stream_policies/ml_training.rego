# METADATA
# title: Models are trained on data that may be used for it
# description: |
#   A training says its use case, its risk and whether its use of data is audited; risky ones are
#   audited; columns of protected classes are read only on a lawful basis.
# related_resources:
#   - docs/policies.md#ml-training
# custom:
#   id: ml_training
#   severity: error
#   category: privacy
#   remediation: "write it under `training:` of the exposure"
#   params:
#     risk_levels: [minimal, limited, high] # that may be trained at all
#     audited: [high] # risk levels whose use of data must be audited
#     protected: [highly_sensitive] # classes that are read only on a lawful basis
package stream.rules.ml_training

import data.stream.lib

params := data.params.ml_training

trainings := {id: object.get(node, "training", {}) | some id, node in lib.exposures; node.type == "ml_training"}

deny contains finding if {
	some id, training in trainings
	object.get(training, "use_case", "") == ""
	finding := at(id, "", sprintf("training '%s' does not say its use case", [id]))
}

deny contains finding if {
	some id, training in trainings
	level := object.get(training, "risk_level", "not said")
	not level in params.risk_levels
	message := sprintf("the risk of training '%s' is %s, not one of %s", [id, level, lib.quoted(params.risk_levels)])
	finding := at(id, "/risk_level", message)
}

deny contains finding if {
	some id, training in trainings
	not is_boolean(object.get(training, "audit_required", ""))
	finding := at(id, "", sprintf("training '%s' does not say whether its use of data is audited", [id]))
}

deny contains finding if {
	some id, training in trainings
	training.audit_required == false
	training.risk_level in params.audited
	level := training.risk_level
	finding := at(id, "/audit_required", sprintf("training '%s' of %s risk is not audited", [id, level]))
}

deny contains finding if {
	some id, training in trainings
	object.get(training, "lawful_basis", "") == ""
	node := input.nodes[id]
	some read in node.consumes
	names := {name |
		some name, column in input.nodes[read].columns
		column.classification in params.protected
		lib.reads(node, name)
	}
	count(names) > 0
	message := sprintf("training '%s' reads %s of '%s' without a lawful basis", [id, lib.columns(names), read])
	finding := object.union(
		at(id, "", message),
		{"remediation": "write `lawful_basis:` under `training:`, or name the `columns:` it reads without these"},
	)
}

at(id, pointer, message) := {"node": id, "pointer": concat("", ["/training", pointer]), "msg": message}
