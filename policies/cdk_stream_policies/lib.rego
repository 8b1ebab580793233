# METADATA
# title: What policies share
# description: Nodes by kind, regions, and the wording of findings.
package stream.lib

# Sources and models: the nodes that have rows.
streams := {id: node | some id, node in input.nodes; node.kind in {"source", "model"}}

models := {id: node | some id, node in streams; node.kind == "model"}

sources := {id: node | some id, node in streams; node.kind == "source"}

exposures := {id: node | some id, node in input.nodes; node.kind == "exposure"}

# Models that write to another system.
sinks := {id: node | some id, node in models; node.sink}

is_sink(node) if node.materialized == "sink"

# The node, and every node that its rows reach.
downstream(id) := graph.reachable(input.children, {id})

# A set of names in words: "column 'a'" or "columns 'a', 'b'".
columns(names) := sprintf("column %s", [quoted(names)]) if count(names) == 1

columns(names) := sprintf("columns %s", [quoted(names)]) if count(names) != 1

quoted(names) := concat(", ", sort([sprintf("'%s'", [name]) | some name in names]))

# A set of names in words: "role 'a'" or "roles 'a', 'b'".
nouns(noun, names) := sprintf("%s %s", [noun, quoted(names)]) if count(names) == 1

nouns(noun, names) := sprintf("%ss %s", [noun, quoted(names)]) if count(names) != 1

verb(names, one, _) := one if count(names) == 1

verb(names, _, many) := many if count(names) != 1

# A finding about some columns of a node, a set.
at_columns(id, names, message) := {"node": id, "columns": sort(names), "msg": message}

# Whether an exposure reads a column of what it consumes.
reads(exposure, _) if count(exposure.columns) == 0

reads(exposure, name) if name in exposure.columns

# A length of time in words, in the largest unit that leaves no rest: "5 min".
time(ms) := "ever" if ms < 0

time(ms) := sprintf("%s %s", [format_int(whole / unit[0], 10), unit[1]]) if {
	ms >= 0
	whole := round(ms)
	unit := [found | some found in units; whole % found[0] == 0; found[0] <= max([whole, 1])][0]
}

units := [[86400000, "d"], [3600000, "h"], [60000, "min"], [1000, "s"], [1, "ms"]]

# "5 minutes", "15m", "1 hour", "250ms", "7d" in milliseconds.
milliseconds(text) := to_number(parts[1]) * unit_ms[parts[2]] if {
	parts := regex.find_all_string_submatch_n(`^\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|milli|s|m|h|d)`, lower(text), 1)[0]
}

unit_ms := {"ms": 1, "milli": 1, "s": 1000, "m": 60000, "h": 3600000, "d": 86400000}
