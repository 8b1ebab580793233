# === time.parse_rfc3339_ns
deny contains time.parse_rfc3339_ns(input.now)

# === time.parse_rfc3339_ns with an offset
deny contains time.parse_rfc3339_ns("2026-01-31T13:00:00.5+01:00")

# === time.parse_rfc3339_ns of a date
deny contains time.parse_rfc3339_ns("2026-01-31")

# === time.parse_ns of a date
deny contains time.parse_ns("2006-01-02", "2026-03-01")

# === a date that has passed
deny contains id if {
	some id, node in input.nodes
	gone := time.parse_ns("2006-01-02", node.deprecation_date)
	gone < time.parse_rfc3339_ns(input.now)
}

# === a date that is near
deny contains id if {
	some id, node in input.nodes
	gone := time.parse_ns("2006-01-02", node.deprecation_date)
	left := (gone - time.parse_rfc3339_ns(input.now)) / 86400000000000
	left < 30
}

# === dates compared as text
deny contains id if {
	some id, node in input.nodes
	node.deprecation_date > substring(input.now, 0, 10)
}

# === time.parse_duration_ns
deny contains [time.parse_duration_ns("1h30m"), time.parse_duration_ns("250ms")]

# === time.parse_duration_ns of days
deny contains time.parse_duration_ns("7 days")

# === time.date
deny contains time.date(time.parse_rfc3339_ns(input.now))

# === time.clock
deny contains time.clock(time.parse_rfc3339_ns(input.now))

# === time.clock in a zone
deny contains time.clock([time.parse_rfc3339_ns(input.now), "Europe/Paris"])

# === time.weekday
deny contains time.weekday(time.parse_rfc3339_ns(input.now))

# === time.add_date of days
deny contains time.add_date(time.parse_rfc3339_ns(input.now), 0, 0, 30)

# === time.add_date of a month
deny contains time.add_date(time.parse_rfc3339_ns(input.now), 0, 1, 0)

# === time.diff
deny contains time.diff(time.parse_rfc3339_ns("2026-03-01T00:00:00Z"), time.parse_rfc3339_ns(input.now))

# === time.format
deny contains time.format(time.parse_rfc3339_ns(input.now))

# === time.format in a zone
deny contains time.format([time.parse_rfc3339_ns(input.now), "Europe/Paris"])

# === time.format with a layout
deny contains time.format([time.parse_rfc3339_ns(input.now), "UTC", "2006-01-02"])

# === time.format with a layout that names the zone
deny contains time.format([time.parse_rfc3339_ns(input.now), "Europe/Paris", "02 Jan 06 15:04 MST"])

# === time.now_ns
deny contains time.now_ns() > 0
