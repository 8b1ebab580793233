# === some with key and value
deny contains id if some id, node in input.nodes

# === some over values
deny contains node.name if some node in input.nodes

# === some over an array
deny contains tag if {
	some node in input.nodes
	some tag in node.tags
}

# === some with an index
deny contains [index, name] if some index, name in input.nodes["model.card_payments_clean"].key

# === wildcard reference
deny contains input.nodes[_].kind

# === variable in a reference
deny contains id if input.nodes[id].kind == "exposure"

# === some as a declaration
deny contains id if {
	some id
	input.nodes[id].kind == "source"
}

# === two declared variables
deny contains [id, name] if {
	some id, name
	input.nodes[id].columns[name].classification == "highly_sensitive"
}

# === nested loops
deny contains sprintf("%s.%s", [id, name]) if {
	some id, node in input.nodes
	node.kind == "source"
	some name, column in node.columns
	column.nullable
}

# === a join by id
deny contains [id, parent.name] if {
	some id, node in input.nodes
	node.kind == "model"
	some ref in input.parents[id]
	parent := input.nodes[ref]
}

# === unification picks a constant
deny contains name if {
	some edge in input.nodes["model.card_payments_clean"].columns.payment_id.edges
	[_, name, "identity"] = edge
}

# === unification of two arrays
deny contains [a, b] if {
	[a, "x", b] = ["p", "x", "q"]
}

# === destructuring in some
deny contains [node, name] if some [node, name, _] in input.nodes["model.card_payments_clean"].columns.amount_cents.edges

# === every holds
deny contains "all internal or more" if {
	every column in input.nodes["model.customer_risk_profile"].columns {
		column.classification in {"internal", "confidential"}
	}
}

# === every does not hold
deny contains "never" if {
	every column in input.nodes["source.card_payments_raw"].columns {
		column.classification == "public"
	}
}

# === every over nothing
deny contains "vacuous" if {
	every tag in input.nodes["source.customers_cdc"].tags {
		tag == "x"
	}
}

# === every with a key
deny contains "short" if {
	every name, _ in input.nodes["model.customer_risk_profile"].columns {
		count(name) < 12
	}
}

# === not over a helper
deny contains id if {
	some id, node in input.nodes
	node.kind == "model"
	not tested(id)
}

tested(id) if input.nodes[_].model == id

# === not of a missing field
deny contains id if {
	some id, node in input.nodes
	node.kind in {"source", "model"}
	not node.owner
}

# === not of a false field
deny contains id if {
	some id, node in input.nodes
	node.kind == "model"
	not node.public
}

# === not of a whole comparison
deny contains id if {
	some id, node in input.nodes
	node.kind == "model"
	not node.backend == "flink"
}

# === in an array
deny contains id if {
	some id, node in input.nodes
	"fraud" in node.tags
}

# === not in a set
deny contains node.name if {
	some node in input.nodes
	not node.kind in {"source", "model", "test"}
}

# === in with an index
deny contains name if {
	some name in ["payment_id", "status"]
	0, name in input.nodes["model.card_payments_clean"].key
}

# === in an object looks at values
deny contains "value" if "flink" in input.nodes["model.customer_risk_profile"]

# === an object's keys
deny contains key if some key, _ in input.project.owners

# === object.keys
deny contains object.keys(input.project.clusters)

# === a rule that is a set
deny contains owner if some owner in owners

owners contains node.owner if some node in input.nodes

# === a rule that is an object
deny contains [id, by_kind[id]] if some id in ["test.fraud_events_quality", "model.card_payments_clean"]

by_kind[id] := node.kind if some id, node in input.nodes

# === a rule that groups
deny contains [kind, count(ids)] if some kind, ids in groups

groups[kind] contains id if {
	some id, node in input.nodes
	kind := node.kind
}

# === a rule that groups deeper
deny contains [owner, tree[owner]] if some owner in ["team-fraud"]

tree[node.owner][node.kind] contains id if some id, node in input.nodes

# === the same finding twice is one
deny contains "same" if some _ in input.nodes

# === an empty answer
deny contains id if {
	some id, node in input.nodes
	node.kind == "model"
	node.materialized == "topic"
}

# === several deny rules add up
deny contains "one" if input.project.name == "fraud"

deny contains "two" if input.project.version == "1.0"

deny contains "three" if input.project.name == "other"

# === a finding that is an object
deny contains {"node": id, "msg": "found"} if input.nodes[id].kind == "test"

# === deny built inside the body
deny contains finding if {
	some id in ["a", "b"]
	finding := {"node": id, "msg": "x"}
}

# === a rule used by another rule of the policy
deny contains count(warn)

warn contains "w1"

warn contains "w2" if input.now

# === walk down a document
deny contains path if {
	walk(input.nodes["test.fraud_events_quality"].on_failure, [path, value])
	value == true
}

# === walk counts
deny contains count([1 | walk(input.project.roles, [_, "fraud_detection"])])

# === a graph
deny contains id if some id in graph.reachable(input.children, {"source.customers_cdc"})

# === a graph's paths
deny contains path if some path in graph.reachable_paths(input.parents, {"exposure.fraud_analyst_dashboard"})

# === ancestors by a comprehension
deny contains count({parent | some id in ["model.card_payments_fraud_events"]; some parent in input.parents[id]})

# === nothing in a missing collection
deny contains x if some x in object.get(input, "impact", [])[0].nothing

# === a missing node
deny contains "gone" if input.nodes["model.gone"].kind == "model"

# === equality of objects
deny contains "equal" if input.nodes["exposure.payments_api"].contracts == {"versioning": "backward", "schema": "strict"}

# === equality with a single equals sign
deny contains id if input.nodes[id].backend = "connect"

# === a variable is bound once
deny contains x if {
	x := 1
	x == 1
}

# === comparisons order types
deny contains [a, b] if {
	some a in [1, "1", null, false, [1], {"a": 1}]
	some b in [1, "1", null, false, [1], {"a": 1}]
	a < b
}

# === null is not missing
deny contains "null" if {
	document := {"a": null}
	not document.a == 1
	document.a == null
}

# === false stops a body
deny contains "never" if {
	document := {"a": false}
	document.a
}

# === zero and empty do not stop a body
deny contains "goes on" if {
	document := {"a": 0, "b": "", "c": [], "d": null}
	document.a
	document.b
	document.c
	document.d
}
