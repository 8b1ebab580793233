# METADATA
# title: What others build on is promised, and the promise is kept
# description: |
#   Producers and public models promise a strict schema and how it may change. A change of what is
#   promised strictly comes with a note for its readers, and one that breaks them with a new version.
# related_resources:
#   - docs/policies.md#contracts
# custom:
#   id: contracts
#   severity: error
#   category: contract
#   remediation: "write `schema: strict` and `versioning: backward` under the contract"
#   params:
#     schemas: [strict] # what a producer or public model may promise; empty: anything, or nothing
#     compatibility: [backward, forward, full, backward_transitive, forward_transitive, full_transitive]
#     # changes of a strict schema that its readers are told of in `migration_note:`
#     notes: [COLUMN_ADDED, COLUMN_REMOVED, COLUMN_RENAMED, TYPE_CHANGED, NULLABLE_TO_REQUIRED]
#     versions: [COLUMN_REMOVED, COLUMN_RENAMED, TYPE_CHANGED] # ... and that are a new version
package stream.rules.contracts

import data.stream.lib

params := data.params.contracts

# Who must promise, with what is promised, where that is written, and how it is called.
promising[id] := object.get(node, "contracts", {}) if {
	some id, node in lib.exposures
	count(node.produces) > 0
}

promising[id] := object.get(node, "contract", {}) if {
	some id, node in lib.models
	node.public
	not lib.is_sink(node)
}

deny contains finding if {
	count(params.schemas) > 0
	some id, contract in promising
	not schema(contract) in params.schemas
	finding := {
		"node": id,
		"pointer": pointer(id),
		"msg": sprintf("%s promises %s schema, not %s", [called(id), stated(contract), lib.quoted(params.schemas)]),
		"remediation": sprintf("write `schema: %s` under `%s:`", [params.schemas[0], trim_prefix(pointer(id), "/")]),
	}
}

deny contains finding if {
	count(params.compatibility) > 0
	some id, contract in promising
	level := compatibility(contract)
	not level in params.compatibility
	finding := {
		"node": id,
		"pointer": pointer(id),
		"msg": sprintf("%s does not promise how its schema may change: %s", [called(id), level]),
		"remediation": sprintf(
			"write `compatibility: %s` under `%s:`",
			[params.compatibility[0], trim_prefix(pointer(id), "/")],
		),
	}
}

# Nobody can hold a producer to a schema that is not there.
deny contains finding if {
	some id, contract in promising
	contract.schema == "strict"
	some source in object.get(input.nodes[id], "produces", [])
	node := lib.sources[source]
	not node.schema_ref
	finding := {
		"node": source,
		"msg": sprintf("'%s' promises a strict schema for source '%s', which has none", [id, node.name]),
		"remediation": "give the source a `schema_ref:`",
	}
}

deny contains finding if {
	some change in object.get(input, "changes", [])
	some id in strict[change.node]
	not input.nodes[id][block(id)].migration_note
	told := {aspect.message | some aspect in change.aspects; aspect.code in params.notes}
	count(told) > 0
	finding := {
		"node": id,
		"pointer": pointer(id),
		"msg": sprintf(
			"the strict schema of '%s' changes without a note for its readers: %s",
			[change.node, concat("; ", sort(told))],
		),
		"remediation": sprintf("say in `migration_note:` under `%s:` what readers must do", [block(id)]),
	}
}

deny contains finding if {
	some change in object.get(input, "changes", [])
	node := lib.models[change.node]
	node.contract
	told := {aspect.message | some aspect in change.aspects; aspect.code in params.versions}
	count(told) > 0
	not "VERSION_CHANGED" in {aspect.code | some aspect in change.aspects}
	finding := {
		"node": change.node,
		"pointer": "/version",
		"msg": sprintf("the contract of '%s' is broken within its version: %s", [change.node, concat("; ", sort(told))]),
		"remediation": "raise `version:` of the model, or keep the column beside the new one",
	}
}

# Stream -> the node whose contract promises a strict schema for it: a model itself, or a producer.
strict[id] contains id if {
	some id, node in lib.models
	node.contract.schema == "strict"
}

strict[source] contains id if {
	some id, node in lib.exposures
	node.contracts.schema == "strict"
	some source in node.produces
}

# A schema reference is as strict as can be.
schema(contract) := "lenient" if object.get(contract, "schema", "lenient") == "lenient"

schema(contract) := "strict" if object.get(contract, "schema", "lenient") != "lenient"

stated(contract) := "a lenient" if contract.schema

stated(contract) := "no" if not contract.schema

compatibility(contract) := object.get(contract, "compatibility", object.get(contract, "versioning", "not said"))

called(id) := sprintf("producer '%s'", [id]) if startswith(id, "exposure.")

called(id) := sprintf("public model '%s'", [id]) if startswith(id, "model.")

block(id) := "contracts" if startswith(id, "exposure.")

block(id) := "contract" if startswith(id, "model.")

pointer(id) := concat("", ["/", block(id)])
