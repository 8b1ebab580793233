# METADATA
# title: Names follow the house's rules
# description: |
#   Names of nodes, columns and of the topics that models write match a pattern of the house. An
#   empty pattern asks for nothing; all of them are empty until somebody sets them.
# related_resources:
#   - docs/policies.md#naming
# custom:
#   id: naming
#   severity: error
#   category: naming
#   remediation: rename it, or correct the pattern under `policies:` `params:` `naming:`
#   params:
#     sources: "" # regular expressions; `{domain}` and `{project}` stand for the node's own
#     models: ""
#     tests: ""
#     exposures: ""
#     topics: "" # of the topics that models write
#     columns: "" # of sources and models
package stream.rules.naming

import data.stream.lib

params := data.params.naming

# Kind -> the pattern of its names.
wanted := {"source": params.sources, "model": params.models, "test": params.tests, "exposure": params.exposures}

patterns := {kind: pattern | some kind, pattern in wanted; is_pattern(pattern)}

deny contains finding if {
	some id, node in input.nodes
	pattern := patterns[node.kind]
	not matches(pattern, node, node.name)
	finding := {
		"node": id,
		"pointer": "/name",
		"msg": sprintf("the name of %s '%s' does not match '%s'", [node.kind, node.name, pattern]),
	}
}

deny contains finding if {
	is_pattern(params.topics)
	some id, node in lib.models
	not lib.is_sink(node)
	not matches(params.topics, node, node.topic)
	finding := {
		"node": id,
		"msg": sprintf("topic '%s' of model '%s' does not match '%s'", [node.topic, node.name, params.topics]),
	}
}

deny contains finding if {
	is_pattern(params.columns)
	some id, node in lib.streams
	names := {name | some name, _ in node.columns; not matches(params.columns, node, name)}
	count(names) > 0
	verb := lib.verb(names, "does", "do")
	message := sprintf("%s of '%s' %s not match '%s'", [lib.columns(names), id, verb, params.columns])
	finding := lib.at_columns(id, names, message)
}

# A pattern that is none would match nothing, or everything.
deny contains finding if {
	some name, pattern in params
	not regex.is_valid(filled(pattern, "x"))
	finding := {"msg": sprintf("'%s' of policy 'naming' is no regular expression: '%s'", [name, pattern])}
}

is_pattern(pattern) if {
	pattern != ""
	regex.is_valid(filled(pattern, "x"))
}

# A node without a domain cannot match a pattern that asks for one.
matches(pattern, _, name) if {
	not contains(pattern, "{domain}")
	regex.match(filled(pattern, ""), name)
}

matches(pattern, node, name) if {
	contains(pattern, "{domain}")
	regex.match(filled(pattern, node.domain), name)
}

filled(pattern, domain) := strings.replace_n(
	{"{domain}": replace(domain, ".", "\\."), "{project}": replace(input.project.name, ".", "\\.")},
	pattern,
)
