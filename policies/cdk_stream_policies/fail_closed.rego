# METADATA
# title: What is not known or not cared for does not ship
# description: |
#   Sources, exposures and what others rely on have an owner; what an exposure reads is tested;
#   highly sensitive columns are masked or encrypted; columns are known and their lineage too.
# related_resources:
#   - docs/policies.md#fail-closed
# custom:
#   id: fail_closed
#   severity: error
#   category: safety
#   remediation: say what is missing; what is unknown is treated as unsafe
#   params:
#     min_tests: 1 # assertions on each model that is public or that an exposure reads
#     protected: [highly_sensitive] # classes that leave only masked or encrypted
package stream.rules.fail_closed

import data.stream.lib

params := data.params.fail_closed

protected := {class | some class in params.protected}

deny contains finding if {
	some id, node in input.nodes
	not node.owner
	node.kind != "test"
	why := needs_owner(node)
	finding := {
		"node": id,
		"msg": sprintf("%s '%s' has no owner%s", [node.kind, node.name, why]),
		"remediation": "write `owner:` with a name of the project's `owners:`",
	}
}

deny contains finding if {
	some owner in strangers
	some id, node in input.nodes
	node.owner == owner
	finding := {
		"node": id,
		"pointer": "/owner",
		"msg": sprintf("owner '%s' of %s '%s' is not known", [owner, node.kind, node.name]),
		"remediation": sprintf("add '%s' to `owners:` of stream_project.yml", [owner]),
	}
}

strangers := {owner | owner := input.nodes[_].owner} - object.keys(input.project.owners)

needs_owner(node) := "" if node.kind in {"source", "exposure"}

needs_owner(node) := " though others outside the project may read it" if {
	node.kind == "model"
	node.public
}

needs_owner(node) := " though it shows data that must be protected" if {
	node.kind == "model"
	not node.public
	some column in node.columns
	column.classification in protected
}

# What others rely on has tests; what a sink copies may be tested where it is made.
deny contains finding if {
	some id in relied_on
	assertions(id) < params.min_tests
	node := input.nodes[id]
	finding := {
		"node": id,
		"msg": sprintf(
			"model '%s' has %v of %v assertions, though an exposure or others outside read it",
			[node.name, assertions(id), params.min_tests],
		),
		"remediation": sprintf("write assertions for '%s' under `tests:`", [node.name]),
	}
}

relied_on := {id | some exposure in lib.exposures; some read in exposure.consumes; some id in made_by(read)} |
	{id | some id, node in lib.models; node.public; not lib.is_sink(node)}

made_by(id) := {id} if {
	input.nodes[id].kind == "model"
	not lib.is_sink(input.nodes[id])
}

made_by(id) := {parent | some parent in input.parents[id]; input.nodes[parent].kind == "model"} if {
	lib.is_sink(input.nodes[id])
	assertions(id) < params.min_tests
}

assertions(id) := sum([count(test.assertions) |
	some child in input.children[id]
	test := input.nodes[child]
	test.kind == "test"
	test.model == id
])

# What is most sensitive leaves a source only masked or encrypted.
deny contains finding if {
	some id, names in bare
	node := lib.models[id]
	message := sprintf("%s of model '%s' must be masked or encrypted", [lib.columns(names), node.name])
	finding := object.union(lib.at_columns(id, names, message), {"remediation": protect})
}

deny contains finding if {
	some exposure in lib.exposures
	some read in exposure.consumes
	node := lib.sources[read]
	names := {name | some name in bare[read]; lib.reads(exposure, name)}
	count(names) > 0
	finding := {
		"node": exposure.id,
		"msg": sprintf(
			"exposure '%s' reads %s of source '%s', which must be masked or encrypted",
			[exposure.name, lib.columns(names), node.name],
		),
		"remediation": protect,
	}
}

protect := "add a `mask:` or `encrypt:` policy for it under `security:`, or leave the column out"

# Node id -> the columns that must be protected and are not.
bare[id] contains name if {
	some class in params.protected
	column := input.nodes[id].columns[name]
	column.classification == class
	not column.protections[0]
}

# What could not be worked out is not taken for harmless.
deny contains finding if {
	some id, names in unknown
	message := sprintf("it is not known what makes %s of '%s'", [lib.columns(names), id])
	finding := object.union(
		lib.at_columns(id, names, message),
		{"remediation": "write the SQL so that each column names its inputs"},
	)
}

unknown[id] contains name if input.nodes[id].columns[name].analysis == "unknown"

deny contains finding if {
	some id, node in lib.streams
	node.open
	some child in input.children[id]
	input.nodes[child].kind in {"model", "exposure"}
	finding := {
		"node": id,
		"msg": sprintf("%s '%s' is read and may have columns that nobody listed", [node.kind, node.name]),
		"remediation": "give the source a `schema_ref:`, and name columns instead of `*`",
	}
}
