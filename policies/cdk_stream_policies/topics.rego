# METADATA
# title: Topics have the partitions, copies and memory that their readers need
# description: |
#   Topics keep to the floors and ceilings that the platform sets, keep sensitive rows no longer
#   than they may be kept, and keep the rows that a replay must read again.
# related_resources:
#   - docs/policies.md#topics
# custom:
#   id: topics
#   severity: error
#   category: operation
#   remediation: "change `topic:` of the model, the source, or `topics:` of stream_project.yml"
#   params:
#     min_partitions: 1
#     max_partitions: 1000
#     min_replication: 1 # of topics that the project makes
#     min_retention_hours: 0
#     max_retention_days: {} # class -> how long its rows may be kept, `{highly_sensitive: 30}`
package stream.rules.topics

import data.stream.lib

params := data.params.topics

hour := 3600000

deny contains finding if {
	some id, topic in made
	topic.partitions < params.min_partitions
	finding := {
		"node": id,
		"msg": sprintf("topic '%s' has %d of at least %d partitions", [topic.name, topic.partitions, params.min_partitions]),
	}
}

deny contains finding if {
	some id, topic in made
	topic.partitions > params.max_partitions
	finding := {
		"node": id,
		"msg": sprintf("topic '%s' has %d partitions, more than %d", [topic.name, topic.partitions, params.max_partitions]),
	}
}

deny contains finding if {
	some id, topic in made
	topic.replication_factor < params.min_replication
	finding := {
		"node": id,
		"msg": sprintf(
			"topic '%s' lies on %d of at least %d brokers",
			[topic.name, topic.replication_factor, params.min_replication],
		),
	}
}

deny contains finding if {
	params.min_retention_hours > 0
	some id, topic in made
	topic.retention_ms >= 0
	topic.retention_ms < params.min_retention_hours * hour
	finding := {
		"node": id,
		"msg": sprintf(
			"topic '%s' keeps rows for %s, not for at least %s hours",
			[topic.name, lib.time(topic.retention_ms), format_int(params.min_retention_hours, 10)],
		),
	}
}

# What is sensitive is not kept for longer than it may be.
deny contains finding if {
	some class, days in params.max_retention_days
	some id, topic in made
	too_long(topic.retention_ms, days)
	names := {name | some name, column in input.nodes[id].columns; column.classification == class}
	count(names) > 0
	finding := object.union(
		lib.at_columns(id, names, sprintf(
			"topic '%s' keeps %s for %s, and %s data may be kept for %s days",
			[topic.name, lib.columns(names), lib.time(topic.retention_ms), class, format_int(days, 10)],
		)),
		{"remediation": "shorten its `retention:`, or leave the columns out"},
	)
}

too_long(ms, _) if ms < 0

too_long(ms, days) if ms > (days * 24) * hour

# A job that starts anew reads its inputs again, and finds only what they still keep.
deny contains finding if {
	some id, node in lib.models
	node.on_state_change == "replay"
	needs := max([size | some window in node.windows; some size in sizes(window)])
	some parent in input.parents[id]
	topic := made[parent]
	topic.retention_ms >= 0
	topic.retention_ms < needs
	finding := {
		"node": id,
		"pointer": "/on_state_change",
		"msg": sprintf(
			"a replay of '%s' needs the rows of %s, and '%s' keeps them for %s",
			[node.name, lib.time(needs), parent, lib.time(topic.retention_ms)],
		),
		"remediation": "lengthen the `retention:` of what it reads, or shorten the window",
	}
}

# Node id -> the topic that its rows are written to, as far as the project says or makes it.
made[id] := {
	"name": node.topic,
	"partitions": object.get(node, "partitions", params.min_partitions),
	"replication_factor": params.min_replication,
	"retention_ms": object.get(node, "retention_ms", params.min_retention_hours * hour),
} if {
	some id, node in lib.sources
	not own(node)
}

made[id] := object.union({"retention_ms": -1}, topic) if {
	some id, node in lib.streams
	some topic in node.artifacts
	topic.kind == "topic"
	topic.name == node.topic
}

own(node) if {
	some topic in node.artifacts
	topic.kind == "topic"
	topic.name == node.topic
}

# `hop(event_time, 60000, 3600000)` -> 60000, 3600000
sizes(window) := {to_number(trim_suffix(part, ")")) |
	some part in array.slice(split(window, ", "), 1, 9)
	regex.match(`^[0-9]+\)?$`, part)
}
