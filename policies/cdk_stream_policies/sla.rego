# METADATA
# title: Promises about time can be kept
# description: |
#   A row needs at least the windows, watermarks and transactions on its slowest way, the flush
#   interval of a sink, and a little for each job it passes. Nobody promises less.
# related_resources:
#   - docs/policies.md#sla
# custom:
#   id: sla
#   severity: error
#   category: promise
#   remediation: "shorten the windows and watermarks upstream, read nearer to the source, or promise less"
#   params:
#     hop_ms: 10 # the least that a job or a connector adds to a row's way
#     # settings of sinks that hold rows back -> milliseconds of one unit
#     flush: {flush_interval_sec: 1000, flush_interval_ms: 1, flush.interval.ms: 1, rotate.interval.ms: 1, rotate.schedule.interval.ms: 1, buffer.flush.time: 1000, linger.ms: 1}
package stream.rules.sla

import data.stream.lib

params := data.params.sla

minute := 60000

# [exposure, where it is written, how many milliseconds]
promises contains [id, "/sla/max_end_to_end_latency_ms", node.sla.max_end_to_end_latency_ms] if some id, node in lib.exposures

promises contains [id, "/sla/max_latency_ms", node.sla.max_latency_ms] if some id, node in lib.exposures

promises contains [id, "/sla/max_lag_seconds", node.sla.max_lag_seconds * 1000] if some id, node in lib.exposures

promises contains [id, "/freshness/max_lag_minutes", node.freshness.max_lag_minutes * minute] if {
	some id, node in lib.exposures
}

promises contains [id, "/freshness/max_lag_seconds", node.freshness.max_lag_seconds * 1000] if {
	some id, node in lib.exposures
}

promises contains [id, "/freshness/error_after", lib.milliseconds(node.freshness.error_after)] if {
	some id, node in lib.exposures
}

deny contains finding if {
	some [id, pointer, ms] in promises
	some read in input.nodes[id].consumes
	ms < needed(read)
	finding := {
		"node": id,
		"pointer": pointer,
		"msg": sprintf(
			"'%s' promises %s, and a row needs at least %s to reach '%s'",
			[id, lib.time(ms), lib.time(needed(read)), read],
		),
	}
}

deny contains finding if {
	some [id, pointer, ms] in promises
	some read in input.nodes[id].consumes
	not lib.streams[read].delay_ms
	finding := {
		"node": id,
		"pointer": pointer,
		"msg": sprintf("'%s' promises %s, and it is not known how long a row needs to reach '%s'", [id, lib.time(ms), read]),
	}
}

# The least time from the first producer to a stream.
needed(id) := (node.delay_ms + (node.hops * params.hop_ms)) + held(node) if node := lib.streams[id]

held(node) := max({0} | {ms | some key, value in node.sink.config; ms := number(value) * params.flush[key]})

number(value) := value if is_number(value)

number(value) := to_number(value) if {
	is_string(value)
	regex.match(`^[0-9]+$`, value)
}

# What a model promises of itself.
own_promises contains [id, "/sla/max_latency_ms", ms] if ms := input.nodes[id].sla.max_latency_ms

own_promises contains [id, "/contract/slo/max_latency_ms", ms] if ms := input.nodes[id].contract.slo.max_latency_ms

deny contains finding if {
	some [id, pointer, ms] in own_promises
	lib.models[id]
	own := needed(id) - max({0} | {needed(parent) | some parent in input.parents[id]})
	ms < own
	finding := {
		"node": id,
		"pointer": pointer,
		"msg": sprintf("'%s' promises %s, and holds a row for at least %s", [id, lib.time(ms), lib.time(own)]),
	}
}
