SELECT SUM(cents) OVER (ORDER BY event_time RANGE UNBOUNDED PRECEDING) AS a, COUNT(*) OVER (ORDER BY event_time) AS n FROM $payments
-----
a BIGINT NOT NULL <- model.payments.cents aggregation
n BIGINT NOT NULL
window model.payments.event_time
append
features computed over projection
