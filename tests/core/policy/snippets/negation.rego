# === not x.a
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.a == 1
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a == 1
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.a != 1
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a != 1
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.a > 1
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a > 1
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.a in ["x"]
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a in ["x"]
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not "x" in x.t
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not "x" in x.t
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not fits(x.a)
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not fits(x.a)
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not count(x.t) == 0
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not count(x.t) == 0
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not count(x.t) > 5
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not count(x.t) > 5
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not startswith(x.a, "p")
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not startswith(x.a, "p")
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not [x.a] == [1]
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not [x.a] == [1]
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.a + 1 == 2
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a + 1 == 2
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not same(x.a) == 1
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not same(x.a) == 1
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not fits(same(x.a))
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not fits(same(x.a))
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not fits(object.get(x, "a", 1))
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not fits(object.get(x, "a", 1))
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.t[0] == "x"
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.t[0] == "x"
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not fits(x.t[5])
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not fits(x.t[5])
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not upper(x.t[0]) == x.a
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not upper(x.t[0]) == x.a
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x.a in x.b
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x.a in x.b
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not count([y | some y in x.b]) > 0
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not count([y | some y in x.b]) > 0
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not nothing
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not nothing
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not fits(nothing)
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not fits(nothing)
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not x[x.a]
deny contains key if {
	some key, x in json.unmarshal(`{"k1": {"t": ["x"]}, "k2": {}, "k3": {"a": 1, "b": [1]}}`)
	not x[x.a]
}

fits(z) if z == 1

same(z) := z

nothing := input.changes[99].node

# === not of what may be absent
deny contains id if {
	some id, node in input.nodes
	not startswith(node.domain, "fraud")
}

# === not of what is there
deny contains id if {
	some id, node in input.nodes
	node.domain
	not startswith(node.domain, "fraud")
}

# === not in a list that may be absent
deny contains id if {
	some id, node in data.stream.lib.models
	not "prod-eu" in node.allowed_clusters
}

# === not in a comprehension
deny contains count([name | some name, column in input.nodes["source.customers_cdc"].columns; not column.classification])

# === not in a head
deny contains [x | some x in json.unmarshal(`[{"a": 1}, {}]`); not x.a in [2]] if input.nodes

# === not behind else
deny contains rank(x) if some x in json.unmarshal(`[{"a": 1}, {}]`)

rank(x) := "two" if {
	x.a == 2
} else := "other" if not x.a in [2]

rank(x) := "none" if not x.a

# === not in every
deny contains "all" if {
	every x in json.unmarshal(`[{"a": 1}, {}]`) {
		not x.a > 1
	}
}

# === a variable of every that is not used
deny contains "all" if {
	every tag in ["a"] { input.nodes }
}

# === sets in order
deny contains "less" if {
	names := {"a"}
	names < {"b"}
}

# === a union with a list
deny contains {"a"} | ["b"]
