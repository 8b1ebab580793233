# === an unsafe variable
deny contains name if count(input.nodes) > 0

# === an unsafe variable in not
deny contains id if {
	some id, node in input.nodes
	not node.columns[name].classification == "public"
}

# === an unknown function
deny contains uppercase("x")

# === an unknown function of a namespace
deny contains strings.upper("x")

# === a function of its own that is not there
deny contains label("x")

# === too many arguments
deny contains upper("x", "y")

# === too few arguments
deny contains startswith("x")

# === too many arguments for a rule's function
deny contains label("x", "y")

label(x) := x

# === old syntax of a set
deny[msg] { msg := "x" }

# === old syntax of a rule
deny contains "x" if ok

ok { input.project }

# === a rule without if
deny contains "x" { input.project }

# === recursion
deny contains x if a == x

a := b

b := a

# === recursion of a function
deny contains f(1)

f(x) := f(x - 1)

# === recursion of two functions
deny contains f(1)

f(x) := g([x])

g(x) := f({"x": x})

# === a wildcard in not
deny contains "none" if not input.nodes[_].owner == "nobody"

# === a misspelt variable
deny contains finding if {
	some id, node in input.nodes
	findng := {"node": id, "msg": node.name}
}

# === null instead of absent
deny contains id if {
	some id, node in input.nodes
	node.owner == null
}

# === a misspelt field in object.get
deny contains object.get(node, "ownr", "nobody") if some node in input.nodes

# === a misspelt field behind a library
deny contains node.topik if some node in data.stream.lib.models

# === a misspelt field in a function
deny contains label(node) if some node in input.nodes

label(node) := concat(": ", [node.kind, node.nam])

# === a misspelt field of an edge's column
deny contains column.analysi if some column in input.nodes["model.card_payments_clean"].columns

# === a field of a list
deny contains node.name if {
	some node in input.nodes
	node.tags.fraud
}

# === a set taken for a list
deny contains first if {
	names := {name | some name, _ in input.project.owners}
	first := names.team
}

# === a missing bracket
deny contains "x" if {
	input.project

# === assignment to a variable that is taken
deny contains x if {
	x := 1
	x := 2
}

# === an argument that is called data
deny contains f(1)

f(data) := data

# === a rule that is called input
deny contains "x"

input := {}

# === http.send
deny contains http.send({"method": "get", "url": "http://localhost"}).body

# === http.send as a replacement
deny contains x if {
	x := upper("a") with upper as http.send
}

# === http.send by its name as text
deny contains http["send"]({"method": "get", "url": "http://localhost"}).body

# === opa.runtime
deny contains opa.runtime().env.HOME

# === net.lookup_ip_addr
deny contains net.lookup_ip_addr("localhost")

# === rand.intn
deny contains rand.intn("x", 5)

# === uuid.rfc4122
deny contains uuid.rfc4122("x")

# === rego.metadata.rule
deny contains rego.metadata.rule().title

# === trace
deny contains "x" if trace("here")

# === print
deny contains "x" if print("here", input.project.name)

# === a misspelt field of the project
deny contains input.project.nmae

# === a misspelt field of a node
deny contains id if {
	some id, node in input.nodes
	node.clasification == "x"
}

# === a misspelt field of a column
deny contains name if {
	some node in input.nodes
	some name, column in node.columns
	column.classificaton == "public"
}

# === a misspelt member of the input
deny contains node.name if some node in input.node

# === a field that no such node has
deny contains node.name if {
	some node in input.nodes
	node.kind == "exposure"
	node.backend == "flink"
}

# === a value that a field never has
deny contains node.name if {
	some node in input.nodes
	node.kind == "modle"
}

# === an optional field in a message
deny contains sprintf("%s has %s", [node.name, node.domain]) if some node in input.nodes

# === an optional field in a finding
deny contains {"msg": node.description, "node": id} if some id, node in input.nodes

# === an optional field that was asked for
deny contains sprintf("%s has %s", [node.name, node.domain]) if {
	some node in input.nodes
	node.domain
}

# === an optional field through object.get
deny contains sprintf("%s has %s", [node.name, object.get(node, "domain", "none")]) if some node in input.nodes

# === a parameter that does not exist
deny contains data.params.snippet.least

# === parameters of no policy
deny contains data.params.snipet.most

# === data that does not exist
deny contains data.waivers[_]

# === a library that does not exist
deny contains data.stream.libs.streams

# === a rule that a library does not have
deny contains id if some id, _ in data.stream.lib.models2

# === a literal that is always false
deny contains "x" if false

# === a number of arguments that shifts
deny contains object.get(input, "now")

# === comparing text with a number
deny contains id if {
	some id, node in input.nodes
	node.watermark_ms > "5000"
}

# === a comment only
# deny contains "x"

# === deny as a boolean
deny if input.project

# === deny as an object
deny[id] := "x" if some id, _ in input.nodes

# === deny as text
deny := "x"

# === deny as a function
deny(x) := x

# === deny as an array
deny := [x | some x in ["a"]]

# === deny as a comprehension of a set
deny := {x | some x in ["a"]}
