package stream.lib_test

import data.stream.lib

test_lengths_of_time_in_words if {
	[lib.time(ms) | some ms in [-1, 0, 1, 999, 1000, 1500, 60000, 90000, 3600000, 86400000, 172800000, 800.0]] ==
		["ever", "0 ms", "1 ms", "999 ms", "1 s", "1500 ms", "1 min", "90 s", "1 h", "1 d", "2 d", "800 ms"]
}

test_words_as_lengths_of_time if {
	[lib.milliseconds(text) | some text in ["5 seconds", "15m", "1 hour", "250ms", "7d", "2 Minutes", "3 millis", "1.5 s"]] ==
		[5000, 900000, 3600000, 250, 604800000, 120000, 3, 1500]
}

test_names_in_words if {
	lib.nouns("role", {"b", "a"}) == "roles 'a', 'b'"
	lib.nouns("role", {"a"}) == "role 'a'"
	lib.verb({"a"}, "does", "do") == "does"
	lib.verb(set(), "does", "do") == "do"
}
