package stream.rules.deprecation_test

import data.stream.rules.deprecation

project(date, now) := {
	"now": now,
	"nodes": {
		"source.s": {"kind": "source", "name": "s", "deprecation_date": date},
		"model.m": {"kind": "model", "name": "m"},
		"exposure.e": {"kind": "exposure", "name": "e"},
		"test.t": {"kind": "test", "name": "t"},
	},
	"children": {"source.s": ["model.m", "test.t"], "model.m": ["exposure.e"], "exposure.e": [], "test.t": []},
}

noon(day) := concat("", [day, "T12:00:00Z"])

denied(date, day) := {[finding.node, finding.msg] | some finding in deprecation.deny with input as project(date, noon(day))}

warned(date, day) := {finding.msg | some finding in deprecation.warn with input as project(date, noon(day))}

test_who_reads_what_is_gone_is_denied if {
	denied("2026-03-01", "2026-03-02") == {["model.m", "'model.m' reads 'source.s', which went away on 2026-03-01"]}
	denied("2026-03-01", "2026-03-01") == {["model.m", "'model.m' reads 'source.s', which goes away on 2026-03-01"]}
	count(warned("2026-03-01", "2026-03-02")) == 0
}

test_before_that_it_is_warned if {
	count(denied("2026-03-01", "2026-02-28")) == 0
	warned("2026-03-01", "2026-02-28") == {"'model.m' reads 'source.s', which goes away on 2026-03-01"}
	count(warned("2026-03-01", "2025-12-01")) == 1
	count(warned("2026-03-01", "2025-11-30")) == 0
}

test_the_days_are_counted_over_leap_years_and_centuries if {
	every case in [
		["2024-03-01", "2024-02-28", 2], ["2023-03-01", "2023-02-28", 1], ["2100-03-01", "2100-02-28", 1],
		["2000-03-01", "2000-02-28", 2], ["2027-01-01", "2026-01-01", 365], ["9999-12-31", "9999-12-30", 1],
	] {
		found := deprecation.left with input as project(case[0], noon(case[1]))
		found == {"source.s": case[2]}
	}
}

test_what_is_no_date_is_denied if {
	every date in ["soon", "2026-13-01", "2026-02-30", "2025-02-29", "2026-04-31", "26-01-01", "2026-00-10", "2026-1-1"] {
		{message | some [_, message] in denied(date, "2026-01-01")} == {sprintf("'%s' is no date", [date])}
	}
}

test_more_notice_can_be_asked_for if {
	found := deprecation.deny with input as project("2026-03-01", noon("2026-02-01"))
		with data.params.deprecation as {"deny_days": 30, "warn_days": 60}
	count(found) == 1
}

test_without_a_clock_it_is_denied if {
	found := deprecation.deny with input as json.patch(project("2026-03-01", ""), [{"op": "remove", "path": "/now"}])
	count(found) == 1
}
