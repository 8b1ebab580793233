# METADATA
# title: Data stays in its region
# description: |
#   A model, topic, cluster or sink connector lies in the region of the data it reads, or in one
#   that the project allows for it. Models keep out of the sinks and clusters they exclude, however
#   many models lie between.
# related_resources:
#   - docs/policies.md#residency
# custom:
#   id: residency
#   severity: error
#   category: residency
#   remediation: "keep it in the data's region, or allow the move by `policies: params: residency: allowed:`"
#   params:
#     allowed: {} # region -> further regions its data may be in
package stream.rules.residency

import data.stream.lib

# Where rows really are: in the cluster's region, or where another system's stream is said to be.
places := object.union_n([declared, in_clusters, elsewhere])

in_clusters := {id: region | region := cluster_regions[input.nodes[id].cluster]}

declared := {id: node.region |
	some cluster in used_clusters - object.keys(cluster_regions)
	some id, node in lib.streams
	node.cluster == cluster
}

elsewhere := {id: node.region | some id, node in lib.sources; node.type in {"kinesis", "pulsar", "rabbitmq"}}

cluster_regions := {name: cluster.region | some name, cluster in input.project.clusters}

connector_regions := {name: connector.region | some name, connector in input.project.connectors}

# The regions whose rules a stream's rows are under: where it lies, and where its columns began.
regions(id) := {places[id]} | {region |
	some column in input.nodes[id].columns
	some origin in column.origins
	region := home(origin[0])
} | {home(id)}

home(id) := object.get(input.nodes[id], "region", object.get(places, id, "unknown"))

may_move(from, to) if from == to

may_move(from, to) if to in data.params.residency.allowed[from]

# What the rows of `id` may not do: be in the region `to`.
kept_from(id, to) := {region | some region in regions(id); not may_move(region, to)} if places[id] != to

default regions_are_used := false

regions_are_used if {
	count(cluster_regions) + count(connector_regions) > 0
} else if {
	some node in lib.streams
	node.region
}

warn contains finding if {
	count(lib.streams) > 0
	not regions_are_used
	finding := {
		"msg": "no region is declared anywhere, so residency cannot be judged",
		"remediation": "write `region:` at each cluster of stream_project.yml",
	}
}

deny contains finding if {
	regions_are_used
	some name in {node.cluster |
		some cluster in used_clusters - object.keys(cluster_regions)
		some id, node in lib.streams
		node.cluster == cluster
		not places[id]
	}
	finding := {
		"msg": sprintf("cluster '%s' has no region, nor has the data on it", [name]),
		"remediation": sprintf("write `region:` at '%s' under `clusters:` of stream_project.yml", [name]),
	}
}

deny contains finding if {
	some id, node in lib.streams
	region := node.region
	region != places[id]
	not may_move(region, places[id])
	finding := {
		"node": id,
		"pointer": "/region",
		"msg": sprintf(
			"%s '%s' belongs in region '%s' but cluster '%s' is in '%s'",
			[node.kind, node.name, region, node.cluster, places[id]],
		),
	}
}

deny contains finding if {
	some id, node in lib.models
	some parent in input.parents[id]
	places[parent] != places[id]
	some region in kept_from(parent, places[id])
	finding := {
		"node": id,
		"pointer": "/cluster",
		"msg": sprintf(
			"%s '%s' on cluster '%s' in region '%s' reads '%s', whose data belongs in '%s'",
			[node.kind, node.name, node.cluster, places[id], parent, region],
		),
	}
}

deny contains finding if {
	some id, node in lib.sinks
	connector := node.sink.connector
	target := connector_regions[connector]
	some region in kept_from(id, target)
	finding := {
		"node": id,
		"pointer": "/sink/connector",
		"msg": sprintf(
			"sink '%s' takes data that belongs in region '%s' to connector '%s' in region '%s'",
			[node.name, region, connector, target],
		),
	}
}

deny contains finding if {
	some id, node in lib.sinks
	cluster := node.sink.cluster
	target := cluster_regions[cluster]
	some region in kept_from(id, target)
	finding := {
		"node": id,
		"pointer": "/sink/cluster",
		"msg": sprintf(
			"sink '%s' takes data that belongs in region '%s' to cluster '%s' in region '%s'",
			[node.name, region, cluster, target],
		),
	}
}

deny contains finding if {
	regions_are_used
	some id, node in lib.sinks
	connector := node.sink.connector
	not connector_regions[connector]
	finding := {
		"node": id,
		"pointer": "/sink/connector",
		"msg": sprintf("sink '%s' writes through connector '%s', which has no region", [node.name, connector]),
		"remediation": sprintf("write `region:` at '%s' under `connectors:` of stream_project.yml", [connector]),
	}
}

# However many models lie between.
deny contains finding if {
	some from, node in lib.models
	some name in node.forbidden_sinks
	takers := sinks_by_name[name]
	some id in lib.downstream(from) & takers
	finding := {
		"node": id,
		"pointer": "/sink",
		"msg": sprintf("sink '%s' takes out rows of '%s', which forbids '%s'", [input.nodes[id].name, from, name]),
		"remediation": sprintf("drop the sink, or ask the owner of '%s' to change `forbidden_sinks:`", [from]),
	}
}

# What a sink may be called: its own name, its type, its connector, or the connector's kind.
sinks_by_name[name] contains id if {
	some id, node in lib.sinks
	connector := object.get(input.project.connectors, node.sink.connector, {})
	some name in [node.name, node.sink.type, node.sink.connector, object.get(connector, "kind", "")]
}

deny contains finding if {
	some [from, allowed] in confined
	some id in lib.downstream(from)
	stream := lib.streams[id]
	not stream.cluster in allowed
	finding := {
		"node": id,
		"pointer": "/cluster",
		"msg": sprintf(
			"%s '%s' holds rows of '%s' on cluster '%s', and they may only be on %s",
			[stream.kind, stream.name, from, stream.cluster, lib.quoted(allowed)],
		),
		"remediation": sprintf("move it, or ask the owner of '%s' to change `allowed_clusters:`", [from]),
	}
}

# A sink's connector reads its rows on the cluster that the sink names.
deny contains finding if {
	some [from, allowed] in confined
	some id in lib.downstream(from)
	node := lib.sinks[id]
	cluster := node.sink.cluster
	not cluster in allowed
	cluster != node.cluster
	finding := {
		"node": id,
		"pointer": "/sink/cluster",
		"msg": sprintf(
			"sink '%s' takes rows of '%s' to cluster '%s', and they may only be on %s",
			[node.name, from, cluster, lib.quoted(allowed)],
		),
		"remediation": sprintf("move it, or ask the owner of '%s' to change `allowed_clusters:`", [from]),
	}
}

# The models whose rows may not be on every cluster that is used, with the clusters they may be on.
confined contains [id, allowed] if {
	some allowed in tight
	some id, node in lib.models
	node.allowed_clusters == allowed
}

tight := {allowed |
	some allowed in {clusters | clusters := lib.models[_].allowed_clusters}
	some cluster in used_clusters | {node.sink.cluster | some node in lib.sinks}
	not cluster in allowed
}

used_clusters := {node.cluster | some node in lib.streams}
