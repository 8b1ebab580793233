# === array comprehension
deny contains [name | some name, column in input.nodes["source.customers_cdc"].columns; column.classification == "confidential"]

# === set comprehension
deny contains {column.classification | some column in input.nodes["source.card_payments_raw"].columns}

# === object comprehension
deny contains {name: column.type | some name, column in input.nodes["model.customer_risk_profile"].columns}

# === comprehension over nothing
deny contains count([x | some x in []])

# === nested comprehension
deny contains {kind: {id | some id, other in input.nodes; other.kind == kind} | some node in input.nodes; kind := node.kind; kind == "test"}

# === a comprehension's variable is its own
deny contains y if {
	x := 1
	y := [x | some x in [2, 3]]
}

# === a comprehension sees outer variables
deny contains [kind, n] if {
	some kind in {"source", "model"}
	n := count([id | some id, node in input.nodes; node.kind == kind])
}

# === a function
deny contains label(id) if some id in ["model.a"]

label(id) := concat("", ["<", id, ">"])

# === a function with several definitions
deny contains [n, size(n)] if some n in [1, 5, 50]

size(n) := "small" if n < 3

size(n) := "medium" if {
	n >= 3
	n < 10
}

size(n) := "large" if n >= 10

# === a function by value of an argument
deny contains word("a")

deny contains word("b")

word("a") := "first"

word("b") := "second"

# === a function that is undefined is silent
deny contains word("c")

word("a") := "first"

# === else
deny contains [n, rank(n)] if some n in [0, 1, 2]

rank(n) := "zero" if {
	n == 0
} else := "one" if {
	n == 1
} else := "many"

# === a default rule
deny contains limit

default limit := 3

limit := 5 if input.project.name == "other"

# === a default that is not needed
deny contains limit

default limit := 3

limit := 5 if input.project.name == "fraud"

# === a default function
deny contains [x, known(x)] if some x in ["model", "ghost"]

default known(_) := false

known(x) if x in {"model", "source"}

# === a boolean helper
deny contains "sink" if {
	some node in input.nodes
	is_sink(node)
}

is_sink(node) if node.materialized == "sink"

# === a constant
deny contains id if input.nodes[id].type in kinds

kinds := {"dashboard", "ml_model"}

# === union of sets
deny contains {"a", "b"} | {"c"}

# === difference of sets
deny contains {"a", "b"} - {"b"}

# === intersection of sets
deny contains {"a", "b"} & {"b", "c"}

# === union of many sets
deny contains union({{"a"}, {"b", "c"}})

# === intersection of many sets
deny contains intersection({{"a", "b"}, {"b", "c"}})

# === a result as the last argument
deny contains n if count(["a", "b"], n)

# === a result taken apart by the last argument
deny contains [first, rest] if split("a.b", ".", [first, rest])

# === rules with dots
deny contains limits

limits.low := 1

limits.high := limits.low + 1

# === an empty set
deny contains set()

# === count of a set
deny contains count({1, 1, 2})

# === array.concat
deny contains array.concat(["a"], ["b", "c"])

# === array.slice
deny contains array.slice(["a", "b", "c", "d"], 1, 3)

# === array.slice beyond the end
deny contains array.slice(["a", "b"], 1, 9)

# === array.reverse
deny contains array.reverse([1, 2, 3])

# === array index
deny contains ["a", "b"][1]

# === array index beyond the end
deny contains ["a", "b"][2]

# === object.get
deny contains object.get(input.nodes["source.customers_cdc"], "owner", "nobody")

# === object.get along a path
deny contains object.get(input.nodes["exposure.fraud_scoring_service"], ["sla", "max_error_rate"], 1)

# === object.get of a missing path
deny contains object.get(input.nodes["exposure.fraud_scoring_service"], ["sla", "nothing", "here"], "none")

# === object.union
deny contains object.union({"a": 1, "b": {"c": 2}}, {"b": {"d": 3}})

# === object.union_n
deny contains object.union_n([{"a": 1}, {"b": 2}, {"a": 3}])

# === object.remove
deny contains object.remove({"a": 1, "b": 2}, {"a"})

# === object.filter
deny contains object.filter({"a": 1, "b": 2}, ["a"])

# === object.subset
deny contains object.subset({"a": 1, "b": {"c": 2}}, {"b": {"c": 2}})

# === object.subset of arrays
deny contains object.subset(["a", "b", "c"], ["b", "c"])

# === json.filter
deny contains json.filter({"a": {"b": 1, "c": 2}}, ["a/b"])

# === json.remove
deny contains json.remove({"a": {"b": 1, "c": 2}}, ["a/b"])

# === json.patch
deny contains json.patch({"a": [1, 2]}, [{"op": "add", "path": "/a/-", "value": 3}, {"op": "remove", "path": "/a/0"}])

# === json.marshal
deny contains json.marshal({"b": [1, true, null], "a": "x"})

# === json.marshal of a set
deny contains json.marshal({3, 1, 2})

# === json.unmarshal
deny contains json.unmarshal("{\"a\": [1, 2.5]}")

# === json.unmarshal of text that is none
deny contains json.unmarshal("{")

# === json.is_valid
deny contains [text | some text in ["1", "{", "[]", ""]; json.is_valid(text)]

# === type tests
deny contains [name |
	some name, value in {"n": 1, "s": "x", "b": true, "z": null, "a": [], "o": {}}
	not is_string(value)
	not is_number(value)
]

# === type_name
deny contains [type_name(value) | some value in [1, "x", true, null, [], {}]]

# === type_name of a set
deny contains type_name({1})

# === is_set and is_object
deny contains [is_set({1}), is_object({}), is_array([]), is_boolean(false), is_null(null)]

# === a set turned into an array
deny contains [x | some x in {"b", "a", "c"}]

# === a set sorted
deny contains sort({"b", "a", "c"})

# === sort of mixed types
deny contains sort(["b", 2, null, "a", 1, true, [1], {"a": 1}])

# === keys of an object are any value
deny contains {[1, 2]: "x"}[[1, 2]]

# === a nested literal
deny contains {"a": {"b": [{"c": {"d": 1}}]}}.a.b[0].c.d

# === assignment from an object pattern
deny contains b if {
	{"a": 1, "b": b} = {"a": 1, "b": 2}
}

# === a conflict between complete rules
deny contains x

x := 1 if input.project

x := 2 if input.nodes

# === a conflict between keys of an object
deny contains {key: value | some key in ["a"]; some value in [1, 2]}

# === with replaces the input
deny contains n if {
	n := count_nodes with input as {"nodes": {"a": {"kind": "model"}}}
}

count_nodes := count(input.nodes)

# === with replaces a part of the input
deny contains n if {
	n := project_name with input.project.name as "changed"
}

project_name := input.project.name

# === with replaces a function
deny contains n if {
	n := shout with upper as quiet
}

shout := upper("loud")

quiet(_) := "hush"

# === parameters
deny contains data.params.snippet.most

# === all parameters
deny contains data.params.snippet
