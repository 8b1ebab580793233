# === sprintf with text
deny contains sprintf("%s of '%s'", ["column", "x"])

# === sprintf with numbers
deny contains sprintf("%d of %d", [1, 20])

# === sprintf with any value
deny contains sprintf("%v %v %v %v", [1, "x", true, null])

# === sprintf of an array
deny contains sprintf("%v", [["a", "b", 1]])

# === sprintf of an object
deny contains sprintf("%v", [{"a": 1, "b": "x"}])

# === sprintf of a set
deny contains sprintf("%v", [{"b", "a"}])

# === sprintf of an empty set
deny contains sprintf("%v", [set()])

# === sprintf of nested values
deny contains sprintf("%v", [{"a": [1, {"b": {"x"}}]}])

# === sprintf with a percent sign
deny contains sprintf("%d%%", [50])

# === sprintf with a fraction
deny contains sprintf("%.2f", [1.23456])

# === sprintf with a long fraction
deny contains sprintf("%.3f", [2])

# === sprintf with %v of a fraction
deny contains sprintf("%v", [0.1])

# === sprintf with %v of a whole fraction
deny contains sprintf("%v", [input.nodes["exposure.fraud_scoring_service"].sla.max_end_to_end_latency_ms])

# === sprintf with %d of a whole fraction
deny contains sprintf("%d", [input.nodes["exposure.fraud_scoring_service"].sla.max_end_to_end_latency_ms])

# === sprintf with %d of a fraction
deny contains sprintf("%d", [1.5])

# === sprintf with %s of a number
deny contains sprintf("%s", [count(input.nodes)])

# === sprintf with %s of a boolean
deny contains sprintf("%s", [true])

# === sprintf with %s of an array
deny contains sprintf("%s", [["a", "b"]])

# === sprintf with %s of a set
deny contains sprintf("%s", [{"a", "b"}])

# === sprintf with %d of text
deny contains sprintf("%d", [input.project.name])

# === sprintf with %t
deny contains sprintf("%t", [true])

# === sprintf with %q
deny contains sprintf("%q", ["x"])

# === sprintf with %x
deny contains sprintf("%x", [255])

# === sprintf with %5d
deny contains sprintf("%5d", [3])

# === sprintf with %-5s
deny contains sprintf("%-5s|", ["x"])

# === sprintf with %05.1f
deny contains sprintf("%05.1f", [2.5])

# === sprintf with %e
deny contains sprintf("%e", [12345.678])

# === sprintf with %g
deny contains sprintf("%g", [0.5])

# === sprintf with %f
deny contains sprintf("%f", [0.5])

# === sprintf with %[1]s
deny contains sprintf("%[1]s %[1]s", ["x"])

# === sprintf with %+v
deny contains sprintf("%+v", [1])

# === sprintf with too few values
deny contains sprintf("%s %s", ["x"])

# === sprintf with too many values
deny contains sprintf("%s", ["x", "y"])

# === sprintf with a format that is computed
deny contains sprintf(concat("", ["%", "s"]), ["x"])

# === sprintf with values that are computed
deny contains sprintf("%s %s", [name | some name in ["x", "y"]])

# === sprintf of a big number
deny contains sprintf("%d", [12345678901234567890])

# === sprintf of a missing field is silent
deny contains sprintf("%s", [node.domain]) if some node in [{"name": "x"}]

# === concat
deny contains concat(", ", ["a", "b"])

# === concat of a set is sorted
deny contains concat(", ", {"b", "a"})

# === concat of numbers
deny contains concat(", ", [x | some x in [1]])

# === join of sorted names
deny contains concat(", ", sort([name | some name, _ in input.project.owners]))

# === startswith and endswith
deny contains node.topic if {
	some node in input.nodes
	startswith(node.topic, "fraud.")
	endswith(node.topic, ".enriched")
}

# === contains
deny contains node.topic if {
	some node in input.nodes
	contains(node.topic, ".raw.")
}

# === startswith of a number
deny contains "x" if startswith(input.nodes["model.card_payments_clean"].watermark_ms, "5")

# === split
deny contains split("payments.raw.v1", ".")

# === split and an index
deny contains split(node.topic, ".")[0] if some node in input.nodes

# === split at nothing
deny contains split("abc", "")

# === replace
deny contains replace("a.b.c", ".", "_")

# === strings.replace_n
deny contains strings.replace_n({"a": "1", "b": "2"}, "abc")

# === lower and upper
deny contains [lower("ABC ÄÖ"), upper("abc äö")]

# === trim
deny contains trim("..a..", ".")

# === trim_space
deny contains trim_space("  a\t\n")

# === trim_left and trim_right
deny contains [trim_left("xxaxx", "x"), trim_right("xxaxx", "x")]

# === trim_prefix and trim_suffix
deny contains [trim_prefix("kms://a", "kms://"), trim_suffix("a.yml", ".yml"), trim_prefix("b", "a")]

# === substring
deny contains [substring("abcdef", 1, 3), substring("abcdef", 3, -1), substring("abc", 1, 99)]

# === substring from before the start
deny contains substring("abc", -1, 1)

# === indexof
deny contains [indexof("abcabc", "c"), indexof("abc", "x"), indexof("äbc", "c")]

# === indexof_n
deny contains indexof_n("abcabc", "b")

# === count of text
deny contains [count("abc"), count("äöü"), count("")]

# === format_int
deny contains [format_int(255, 16), format_int(255, 2), format_int(255, 10)]

# === to_number
deny contains [to_number("12"), to_number("1.5"), to_number(true), to_number(null)]

# === to_number of a word
deny contains to_number("twelve")

# === strings.any_prefix_match
deny contains strings.any_prefix_match(["fraud.a", "x"], ["fraud.", "risk."])

# === strings.any_suffix_match
deny contains strings.any_suffix_match("a.enriched", [".raw", ".enriched"])

# === strings.reverse
deny contains strings.reverse("abc")

# === strings.count
deny contains strings.count("a.b.c", ".")

# === strings.render_template
deny contains strings.render_template("{{.a}}", {"a": "x"})

# === a raw string
deny contains `a\b"c`

# === escapes
deny contains "tab\tquote\"unicode\u00e4"

# === text compared
deny contains [a, b] if {
	some a in ["a", "B", "ä"]
	some b in ["a", "B", "ä"]
	a < b
}

# === string interpolation
deny contains $"project {input.project.name}"
