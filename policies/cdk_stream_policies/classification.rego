# METADATA
# title: Every column has a classification
# description: |
#   A column without a class cannot be masked, kept in its region or shown to the right people.
#   A class is declared, inherited along lineage, or a default of the resource or the project.
#   What a column merely inherits as a gap is told where the gap begins.
# related_resources:
#   - docs/policies.md#classification
# custom:
#   id: classification
#   severity: error
#   category: classification
#   remediation: |-
#     classify it where it begins: `pii_tags:` or `columns:` of a source, `security: classification:`
#     of a model, or `default_classification:` of either or of the project
package stream.rules.classification

import data.stream.lib

deny contains finding if {
	some id, names in gaps
	node := input.nodes[id]
	message := sprintf("%s of %s '%s' not classified", [lib.columns(names), node.kind, node.name])
	finding := lib.at_columns(id, names, message)
}

# Node id -> the columns where a gap begins.
gaps[id] contains name if {
	column := input.nodes[id].columns[name]
	not column.classification
	lib.streams[id]
	not inherited(column)
}

# One of its inputs lacks a class as well.
inherited(column) if {
	some edge in column.edges
	origin := input.nodes[edge[0]].columns[edge[1]]
	not origin.classification
}
