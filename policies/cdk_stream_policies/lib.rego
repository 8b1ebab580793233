# METADATA
# title: What policies share
# description: Nodes by kind, regions, and the wording of findings.
package stream.lib

# Sources and models: the nodes that have rows.
streams := {id: node | some id, node in input.nodes; node.kind in {"source", "model"}}

models := {id: node | some id, node in streams; node.kind == "model"}

sources := {id: node | some id, node in streams; node.kind == "source"}

exposures := {id: node | some id, node in input.nodes; node.kind == "exposure"}

is_sink(node) if node.materialized == "sink"

# The node, and every node that its rows reach.
downstream(id) := graph.reachable(input.children, {id})

# A set of names in words: "column 'a'" or "columns 'a', 'b'".
columns(names) := sprintf("column %s", [quoted(names)]) if count(names) == 1

columns(names) := sprintf("columns %s", [quoted(names)]) if count(names) != 1

quoted(names) := concat(", ", sort([sprintf("'%s'", [name]) | some name in names]))

# A finding about some columns of a node, a set: about the column itself when it is one.
at_columns(id, names, message) := {"node": id, "column": name, "msg": message} if {
	count(names) == 1
	some name in names
}

at_columns(id, names, message) := {"node": id, "msg": message} if count(names) != 1
