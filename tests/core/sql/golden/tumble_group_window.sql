SELECT customer_id, TUMBLE_START(event_time, INTERVAL '5' MINUTE) AS ws, TUMBLE_ROWTIME(event_time, INTERVAL '5' MINUTE) AS wt, SUM(cents) AS s FROM $payments GROUP BY customer_id, TUMBLE(event_time, INTERVAL '5' MINUTE)
-----
customer_id STRING NOT NULL <- model.payments.customer_id identity
ws TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
wt TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time transformation
s BIGINT NOT NULL <- model.payments.cents aggregation
group_by model.payments.customer_id
window model.payments.event_time
append, time wt
features computed projection window
window tumble(event_time, 300000)
