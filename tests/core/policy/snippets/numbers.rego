# === arithmetic
deny contains [1 + 2, 5 - 7, 3 * 4, 10 / 4, 10 % 3]

# === division of whole numbers
deny contains [10 / 5, 1 / 3]

# === division by zero
deny contains 1 / 0

# === remainder by zero
deny contains 1 % 0

# === remainder of a fraction
deny contains 1.5 % 1

# === equality of 1 and 1.0
deny contains [1 == 1.0, 1 in {1.0}, {1: "a"}[1.0]]

# === a whole fraction stays as it is written
deny contains 1.0

# === a whole fraction of the input
deny contains input.nodes["exposure.fraud_scoring_service"].sla.max_end_to_end_latency_ms

# === tenths add up
deny contains sprintf("%v", [0.1 + 0.2])

# === a division in words
deny contains sprintf("%v", [10 / 4])

# === a rounded division in words
deny contains sprintf("%v of %v", [round((10 / 3) * 100) / 100, round(10 / 4)])

# === three digits in words
deny contains sprintf("%v", [round(n * 1000) / 1000]) if some n in [2 / 3, 1 / 8, 10 / 4, 3, 1e6 / 7]

# === a fraction within bounds
deny contains "more than half" if count(input.nodes) * 0.5 > 3

# === a fraction compared
deny contains 0.1 + 0.2 == 0.3

# === rounding
deny contains [round(2.5), round(-2.5), ceil(1.1), floor(-1.1), abs(-3)]

# === sum, product, max, min
deny contains [sum([1, 2, 3]), product([2, 3, 4]), max([3, 9, 1]), min([3, 9, 1])]

# === sum of nothing
deny contains sum([])

# === max of nothing
deny contains max([])

# === max of a set of text
deny contains max({"a", "c", "b"})

# === sum of a set loses repeats
deny contains sum({n | some n in [1, 1, 2]})

# === sum of text
deny contains sum([n | some n in ["1"]])

# === count of columns
deny contains [id, n] if {
	some id, node in input.nodes
	node.kind in {"source", "model"}
	n := count(node.columns)
	n > 8
}

# === count of a number
deny contains count(input.nodes["model.card_payments_clean"].watermark_ms)

# === numbers.range
deny contains numbers.range(1, 5)

# === numbers.range downwards
deny contains numbers.range(3, 1)

# === numbers.range_step
deny contains numbers.range_step(0, 10, 5)

# === a big whole number
deny contains 9007199254740993

# === a bigger whole number
deny contains 12345678901234567890123

# === big numbers compared
deny contains 12345678901234567891 > 12345678901234567890

# === big numbers added
deny contains 9223372036854775807 + 1

# === an exponent
deny contains 1e3

# === a negative number
deny contains -5 + 3

# === bits
deny contains [bits.and(6, 3), bits.or(6, 3), bits.xor(6, 3), bits.lsh(1, 4), bits.rsh(16, 2), bits.negate(1)]

# === units.parse
deny contains [units.parse("10K"), units.parse("1.5M")]

# === units.parse_bytes
deny contains [units.parse_bytes("1KB"), units.parse_bytes("1KiB"), units.parse_bytes("128MiB")]

# === units.parse of a word
deny contains units.parse("many")

# === semver.compare
deny contains [semver.compare("1.2.3", "1.10.0"), semver.compare("2.0.0", "2.0.0"), semver.compare("1.0.0-rc1", "1.0.0")]

# === semver.compare of what is none
deny contains semver.compare("1", "2")

# === semver.is_valid
deny contains [semver.is_valid("1.2.3"), semver.is_valid("v1"), semver.is_valid("1.2")]

# === a threshold from parameters
deny contains id if {
	some id, node in input.nodes
	count(node.assertions) < data.params.snippet.most
}

# === net.cidr_contains
deny contains [net.cidr_contains("10.0.0.0/8", "10.1.2.3"), net.cidr_contains("10.0.0.0/8", "11.0.0.1")]

# === net.cidr_is_valid
deny contains [net.cidr_is_valid("10.0.0.0/8"), net.cidr_is_valid("10.0.0.0/99")]

# === net.cidr_merge
deny contains net.cidr_merge(["10.0.0.0/9", "10.128.0.0/9"])

# === base64
deny contains [base64.encode("ab?"), base64.decode("YWI/"), base64.is_valid("x!")]

# === base64url
deny contains [base64url.encode("ab??"), base64url.encode_no_pad("ab"), base64url.decode("YWI_Pw==")]

# === hex
deny contains [hex.encode("ab"), hex.decode("6162")]

# === urlquery
deny contains [urlquery.encode("a b&c"), urlquery.decode("a+b%26c")]

# === urlquery objects
deny contains [urlquery.encode_object({"a": "1"}), urlquery.decode_object("a=1&a=2")]

# === yaml
deny contains [yaml.unmarshal("a: [1, x]"), yaml.is_valid("a: ["), yaml.marshal({"a": 1})]

# === crypto.sha256
deny contains crypto.sha256("a")

# === crypto.md5
deny contains crypto.md5("a")

# === io.jwt.decode
deny contains io.jwt.decode("a.b.c")

# === json.match_schema
deny contains json.match_schema({"a": 1}, {"type": "object", "properties": {"a": {"type": "string"}}})[0]

# === json.verify_schema
deny contains json.verify_schema({"type": "object"})[0]
