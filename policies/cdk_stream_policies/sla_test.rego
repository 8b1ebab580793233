package stream.rules.sla_test

import data.stream.rules.sla

minute := 60000

model(delay, hops) := {"kind": "model", "name": "m", "delay_ms": delay, "hops": hops}

green := {
	"nodes": {
		"source.s": {"kind": "source", "name": "s", "delay_ms": 0, "hops": 0},
		"model.m": model(5 * minute, 1),
		"model.k": {
			"kind": "model", "name": "k", "delay_ms": 5 * minute, "hops": 2,
			"sink": {"type": "t", "connector": "c", "config": {"flush_interval_sec": 30, "name": "x"}},
		},
		"exposure.e": {"kind": "exposure", "name": "e", "consumes": ["model.m"], "sla": {"max_end_to_end_latency_ms": 300010.0}},
		"exposure.d": {"kind": "exposure", "name": "d", "consumes": ["model.k"], "freshness": {"max_lag_minutes": 6}},
	},
	"parents": {"model.m": ["source.s"], "model.k": ["model.m"], "source.s": []},
}

set_to(path, value) := json.patch(green, [{"op": "add", "path": path, "value": value}])

denied(input_) := {[finding.node, finding.pointer, finding.msg] | some finding in sla.deny with input as input_}

test_green if {
	count(denied(green)) == 0
}

test_less_than_the_window_is_denied if {
	denied(set_to("/nodes/exposure.e/sla/max_end_to_end_latency_ms", 800.0)) == {[
		"exposure.e", "/sla/max_end_to_end_latency_ms",
		"'exposure.e' promises 800 ms, and a row needs at least 300010 ms to reach 'model.m'",
	]}
}

test_a_hop_counts if {
	count(denied(set_to("/nodes/exposure.e/sla/max_end_to_end_latency_ms", 300009))) == 1
	found := denied(set_to("/nodes/exposure.e/sla/max_end_to_end_latency_ms", 300009)) with data.params.sla as {"hop_ms": 0, "flush": {}}
	count(found) == 0
}

test_a_sink_that_flushes_now_and_then_counts if {
	every value in [61, "61"] {
		denied(set_to("/nodes/model.k/sink/config/flush_interval_sec", value)) == {[
			"exposure.d", "/freshness/max_lag_minutes",
			"'exposure.d' promises 6 min, and a row needs at least 361020 ms to reach 'model.k'",
		]}
	}
}

test_every_promise_is_held if {
	every promise in [
		["sla", {"max_lag_seconds": 60}], ["sla", {"max_latency_ms": 60000}],
		["freshness", {"max_lag_seconds": 60}], ["freshness", {"max_lag_minutes": 1}],
		["freshness", {"error_after": "60 seconds"}], ["freshness", {"error_after": "1m"}],
	] {
		path := concat("", ["/nodes/exposure.d/", promise[0]])
		{message | some [_, _, message] in denied(set_to(path, promise[1]))} == {"'exposure.d' promises 1 min, and a row needs at least 330020 ms to reach 'model.k'"}
	}
}

test_what_is_not_known_is_denied if {
	unknown := json.patch(green, [{"op": "remove", "path": "/nodes/model.m/delay_ms"}])
	{[node, message] | some [node, _, message] in denied(unknown)} == {[
		"exposure.e",
		"'exposure.e' promises 300010 ms, and it is not known how long a row needs to reach 'model.m'",
	]}
}

test_a_model_promises_its_own_part if {
	count(denied(set_to("/nodes/model.m/sla", {"max_latency_ms": 300010}))) == 0
	denied(set_to("/nodes/model.m/contract", {"slo": {"max_latency_ms": 1000}})) == {[
		"model.m", "/contract/slo/max_latency_ms",
		"'model.m' promises 1 s, and holds a row for at least 300010 ms",
	]}
	count(denied(set_to("/nodes/model.k/sla", {"max_latency_ms": 30010}))) == 0
}
