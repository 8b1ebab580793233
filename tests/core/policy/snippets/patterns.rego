# === regex.match
deny contains node.topic if {
	some node in input.nodes
	regex.match(`^[a-z]+(\.[a-z0-9]+)+$`, node.topic)
}

# === regex.match without anchors
deny contains "inside" if regex.match("raw", "payments.raw.v1")

# === regex with flags
deny contains regex.match("(?i)^FRAUD", "fraud.events")

# === regex with a class
deny contains [regex.match(`^\d+$`, "123"), regex.match(`^\w+$`, "a_1"), regex.match(`\s`, "ab")]

# === regex with unicode
deny contains regex.match(`^\p{L}+$`, "größe")

# === regex with a named group
deny contains regex.find_all_string_submatch_n(`(?P<domain>[a-z]+)\.(?P<name>[a-z]+)`, "payments.raw.v1", -1)

# === regex with a bounded repeat
deny contains [regex.match(`^[a-z]{2,4}$`, text) | some text in ["a", "abc", "abcde"]]

# === regex with look-ahead
deny contains regex.match(`^(?!x)a`, "ab")

# === regex that is none
deny contains regex.match("(", "x")

# === regex.is_valid
deny contains [regex.is_valid("("), regex.is_valid("a+")]

# === regex.split
deny contains regex.split(`[._]`, "a.b_c")

# === regex.find_n
deny contains regex.find_n(`[a-z]+`, "ab.cd.ef", 2)

# === regex.replace
deny contains regex.replace("a.b.c", `\.`, "-")

# === regex.replace with a group
deny contains regex.replace("v1", `v(\d)`, "version $1")

# === regex.template_match
deny contains regex.template_match("urn:{.*}", "urn:a", "{", "}")

# === regex.globs_match
deny contains regex.globs_match("a.*", "a.b.*")

# === glob.match with separators
deny contains [topic | some topic in ["fraud.a", "fraud.a.b", "risk.a"]; glob.match("fraud.*", ["."], topic)]

# === glob.match with two stars
deny contains [topic | some topic in ["fraud.a", "fraud.a.b", "risk.a"]; glob.match("fraud.**", ["."], topic)]

# === glob.match with alternatives
deny contains glob.match("{fraud,risk}.*", [], "risk.a")

# === glob.match without separators
deny contains glob.match("fraud*", null, "fraud.a.b")

# === glob.match with default separators
deny contains glob.match("fraud*", [], "fraud.a.b")

# === glob.match with a class
deny contains glob.match("v[0-9]", [], "v1")

# === glob.quote_meta
deny contains glob.quote_meta("a*b")
