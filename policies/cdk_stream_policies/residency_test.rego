package stream.rules.residency_test

import data.stream.rules.residency

stream(kind, name, cluster) := {
	"id": sprintf("%s.%s", [kind, name]), "kind": kind, "name": name, "cluster": cluster,
	"columns": {"a": {"origins": [["source.s", "a"]]}}, "forbidden_sinks": [],
}

sink(connector) := object.union(
	stream("model", "k", "eu"),
	{"materialized": "sink", "sink": {"type": "snowflake_table", "connector": connector, "config": {}}},
)

green := {
	"project": {
		"clusters": {"eu": {"region": "EU"}, "us": {"region": "US"}, "void": {}},
		"connectors": {"wh-eu": {"kind": "snowflake", "region": "EU"}, "wh-us": {"kind": "snowflake", "region": "US"}, "wh": {"kind": "s3"}},
	},
	"nodes": {
		"source.s": stream("source", "s", "eu"),
		"model.m": stream("model", "m", "eu"),
		"model.n": stream("model", "n", "eu"),
		"model.k": sink("wh-eu"),
	},
	"parents": {"source.s": [], "model.m": ["source.s"], "model.n": ["model.m"], "model.k": ["model.n"]},
	"children": {"source.s": ["model.m"], "model.m": ["model.n"], "model.n": ["model.k"], "model.k": []},
}

set_to(path, value) := json.patch(green, [{"op": "add", "path": path, "value": value}])

denied(input_) := {[finding.node, finding.msg] | some finding in residency.deny with input as input_}

test_green if {
	count(denied(green)) == 0
}

test_a_model_elsewhere_is_denied if {
	"model 'm' on cluster 'us' in region 'US' reads 'source.s', whose data belongs in 'EU'" in {message |
		some [_, message] in denied(set_to("/nodes/model.m/cluster", "us"))
	}
}

test_a_model_that_stays_beside_its_input_is_not_told_again if {
	both := json.patch(set_to("/nodes/model.m/cluster", "us"), [
		{"op": "add", "path": "/nodes/model.n/cluster", "value": "us"},
		{"op": "add", "path": "/nodes/model.k/cluster", "value": "us"},
		{"op": "add", "path": "/nodes/model.k/sink/connector", "value": "wh-us"},
	])
	{node | some [node, _] in denied(both)} == {"model.m"}
}

test_data_keeps_its_region_through_an_allowed_one if {
	through := json.patch(set_to("/nodes/model.m/cluster", "ch"), [
		{"op": "add", "path": "/project/clusters/ch", "value": {"region": "CH"}},
		{"op": "add", "path": "/nodes/model.n/cluster", "value": "us"},
		{"op": "add", "path": "/nodes/model.k/cluster", "value": "us"},
		{"op": "add", "path": "/nodes/model.k/sink/connector", "value": "wh-us"},
	])
	found := denied(through) with data.params.residency as {"allowed": {"EU": ["CH"], "CH": ["US"]}}
	found == {["model.n", "model 'n' on cluster 'us' in region 'US' reads 'model.m', whose data belongs in 'EU'"]}
}

test_a_move_can_be_allowed if {
	found := denied(set_to("/nodes/model.k/sink/connector", "wh-us")) with data.params.residency as {"allowed": {"EU": ["US"]}}
	count(found) == 0
}

test_a_declared_region_is_kept if {
	denied(set_to("/nodes/source.s/region", "CH")) == {["source.s", "source 's' belongs in region 'CH' but cluster 'eu' is in 'EU'"]}
}

test_a_connector_elsewhere_is_denied if {
	denied(set_to("/nodes/model.k/sink/connector", "wh-us")) == {[
		"model.k",
		"sink 'k' takes data that belongs in region 'EU' to connector 'wh-us' in region 'US'",
	]}
}

test_a_connector_without_a_region_is_denied if {
	denied(set_to("/nodes/model.k/sink/connector", "wh")) == {["model.k", "sink 'k' writes through connector 'wh', which has no region"]}
}

test_a_sink_that_reads_another_cluster_is_denied if {
	denied(set_to("/nodes/model.k/sink/cluster", "us")) == {[
		"model.k",
		"sink 'k' takes data that belongs in region 'EU' to cluster 'us' in region 'US'",
	]}
}

test_a_cluster_without_a_region_is_told_once if {
	void := json.patch(set_to("/nodes/model.n/cluster", "void"), [{"op": "add", "path": "/nodes/model.m/cluster", "value": "void"}])
	found := residency.deny with input as void
	{finding.msg | some finding in found} == {"cluster 'void' has no region, nor has the data on it"}
}

test_a_stream_of_another_system_says_its_region if {
	outside := json.patch(green, [
		{"op": "add", "path": "/nodes/source.s/type", "value": "kinesis"},
		{"op": "add", "path": "/nodes/source.s/region", "value": "US"},
	])
	{node | some [node, _] in denied(outside)} == {"model.m"}
}

test_without_any_region_a_warning_says_so if {
	bare := json.patch(green, [
		{"op": "add", "path": "/project/clusters", "value": {"eu": {}}},
		{"op": "add", "path": "/project/connectors", "value": {"wh-eu": {}}},
	])
	count(denied(bare)) == 0
	found := residency.warn with input as bare
	count(found) == 1
}

test_sinks_are_forbidden_by_type_connector_kind_and_name if {
	every name in ["snowflake_table", "wh-eu", "snowflake", "k"] {
		{node | some [node, _] in denied(set_to("/nodes/model.m/forbidden_sinks", [name]))} == {"model.k"}
	}
	count(denied(set_to("/nodes/model.m/forbidden_sinks", ["s3"]))) == 0
}

test_clusters_are_kept_downstream if {
	away := json.patch(set_to("/nodes/model.m/allowed_clusters", ["eu"]), [
		{"op": "add", "path": "/project/clusters/eu-2", "value": {"region": "EU"}},
		{"op": "add", "path": "/nodes/model.n/cluster", "value": "eu-2"},
	])
	denied(away) == {["model.n", "model 'n' holds rows of 'model.m' on cluster 'eu-2', and they may only be on 'eu'"]}
	count(denied(set_to("/nodes/model.m/allowed_clusters", ["eu"]))) == 0
}

test_no_cluster_at_all_may_be_allowed if {
	count(denied(set_to("/nodes/model.k/allowed_clusters", []))) == 1
}
