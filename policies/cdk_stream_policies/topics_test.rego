package stream.rules.topics_test

import data.stream.rules.topics

lenient := {
	"min_partitions": 1, "max_partitions": 1000, "min_replication": 1,
	"min_retention_hours": 0, "max_retention_days": {},
}

topic(partitions, replicas, ms) := {
	"kind": "topic", "name": "m",
	"partitions": partitions, "replication_factor": replicas, "retention_ms": ms,
}

model(made) := {
	"kind": "model", "name": "m", "materialized": "flink_stream", "topic": "m",
	"artifacts": [{"kind": "flink_job", "name": "m"}, made],
	"columns": {"a": {"classification": "highly_sensitive"}, "b": {"classification": "public"}},
}

day := 86400000

project(made) := {"parents": {"model.m": ["source.s"], "source.s": []}, "nodes": {
	"source.s": {"kind": "source", "name": "s", "topic": "s", "partitions": 6, "retention_ms": day, "artifacts": [], "columns": {}},
	"model.m": model(made),
}}

denied(project_, params) := {[finding.node, finding.msg] |
	some finding in topics.deny with input as project_ with data.params.topics as object.union(lenient, params)
}

usual := project(topic(3, 3, 7 * day))

test_usual if {
	count(denied(usual, {})) == 0
}

test_partitions_have_a_floor_and_a_ceiling if {
	denied(usual, {"min_partitions": 4}) == {["model.m", "topic 'm' has 3 of at least 4 partitions"]}
	denied(usual, {"max_partitions": 5}) == {["source.s", "topic 's' has 6 partitions, more than 5"]}
}

test_copies_have_a_floor if {
	denied(usual, {"min_replication": 4}) == {["model.m", "topic 'm' lies on 3 of at least 4 brokers"]}
}

test_retention_has_a_floor if {
	denied(usual, {"min_retention_hours": 48}) == {["source.s", "topic 's' keeps rows for 1 d, not for at least 48 hours"]}
	count(denied(project(topic(3, 3, -1)), {"min_retention_hours": 24})) == 0
}

test_what_is_sensitive_is_not_kept_for_long if {
	keeps := {"max_retention_days": {"highly_sensitive": 5}}
	denied(usual, keeps) == {["model.m", "topic 'm' keeps column 'a' for 7 d, and highly_sensitive data may be kept for 5 days"]}
	{message | some [_, message] in denied(project(topic(3, 3, -1)), keeps)} == {"topic 'm' keeps column 'a' for ever, and highly_sensitive data may be kept for 5 days"}
	count(denied(usual, {"max_retention_days": {"highly_sensitive": 7, "sensitive": 1}})) == 0
}

test_a_replay_finds_what_it_needs if {
	replayed := json.patch(usual, [
		{"op": "add", "path": "/nodes/model.m/on_state_change", "value": "replay"},
		{"op": "add", "path": "/nodes/model.m/windows", "value": ["hop(at2, 60000, 172800000)"]},
	])
	denied(replayed, {}) == {["model.m", "a replay of 'm' needs the rows of 2 d, and 'source.s' keeps them for 1 d"]}
	short := json.patch(replayed, [{"op": "add", "path": "/nodes/model.m/windows", "value": ["tumble(at2, 60000)"]}])
	count(denied(short, {})) == 0
}

test_an_unsaid_retention_denies_nothing if {
	unsaid := json.patch(usual, [{"op": "remove", "path": "/nodes/source.s/retention_ms"}])
	count(denied(unsaid, {"min_retention_hours": 48})) == 0
}
