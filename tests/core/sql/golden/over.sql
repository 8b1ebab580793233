SELECT payment_id, event_time, SUM(cents) OVER (PARTITION BY customer_id ORDER BY event_time RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS s, COUNT(*) OVER w AS n FROM $payments WINDOW w AS (PARTITION BY customer_id ORDER BY event_time RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW)
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
event_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time identity
s BIGINT <- model.payments.cents aggregation
n BIGINT NOT NULL
window model.payments.customer_id
window model.payments.event_time
append, time event_time
features computed over projection
