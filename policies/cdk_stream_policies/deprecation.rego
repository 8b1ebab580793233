# METADATA
# title: Nobody reads what goes away
# description: |
#   Readers of a stream with a `deprecation_date:` are told before it, and refused from it on.
# related_resources:
#   - docs/policies.md#deprecation
# custom:
#   id: deprecation
#   severity: error
#   category: contract
#   remediation: read what takes its place, or agree on a later `deprecation_date:` with its owner
#   params:
#     deny_days: 0 # so many days before the date its readers are refused
#     warn_days: 90 # ... and told
package stream.rules.deprecation

import data.stream.lib

params := data.params.deprecation

going := {id: node | some id, node in lib.streams; node.deprecation_date}

left[id] := days(node.deprecation_date) - today if {
	some id, node in going
	is_date(node.deprecation_date)
}

deny contains finding if {
	some [id, reader] in read
	left[id] <= params.deny_days
	finding := told(id, reader)
}

warn contains finding if {
	some [id, reader] in read
	left[id] > params.deny_days
	left[id] <= params.warn_days
	finding := told(id, reader)
}

read contains [id, reader] if {
	some id, _ in going
	some reader in input.children[id]
	input.nodes[reader].kind in {"model", "exposure"}
}

told(id, reader) := {"node": reader, "msg": sprintf("'%s' reads '%s', which %s on %s", [reader, id, tense(id), date])} if {
	date := going[id].deprecation_date
}

tense(id) := "went away" if left[id] < 0

tense(id) := "goes away" if left[id] >= 0

deny contains finding if {
	some id, node in going
	date := node.deprecation_date
	not is_date(date)
	finding := {
		"node": id,
		"pointer": "/deprecation_date",
		"msg": sprintf("'%s' is no date", [date]),
		"remediation": "write it as `2026-12-31`",
	}
}

# Without a clock nothing would ever be late.
deny contains finding if {
	count(going) > 0
	not input.now
	finding := {"msg": "the time of the judgement is not known, so deprecation dates cannot be judged"}
}

is_date(text) if {
	regex.match(`^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`, text)
	number(substring(text, 8, 2)) <= length(substring(text, 0, 4), substring(text, 5, 2))
}

length(_, month) := 31 if month in {"01", "03", "05", "07", "08", "10", "12"}

length(_, month) := 30 if month in {"04", "06", "09", "11"}

length(year, "02") := 29 if leaps(number(year))

length(year, "02") := 28 if not leaps(number(year))

leaps(year) if {
	year % 4 == 0
	year % 100 != 0
}

leaps(year) if year % 400 == 0

number(text) := to_number(trim_left(text, "0"))

today := days(substring(input.now, 0, 10))

# The number of a day: March is the first month, so that a leap day is a year's last.
days(text) := count_days(year - shift, (month + (12 * shift)) - 3, number(substring(text, 8, 2))) if {
	year := number(substring(text, 0, 4))
	month := number(substring(text, 5, 2))
	shift := early(month)
}

early(month) := 1 if month < 3

early(month) := 0 if month >= 3

count_days(year, month, day) := (((((365 * year) + floor(year / 4)) - floor(year / 100)) + floor(year / 400)) + floor(((153 * month) + 2) / 5)) + day
