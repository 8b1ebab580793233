SELECT window_start, window_end, window_time, customer_id, SUM(cents) AS s
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, window_time, customer_id
-----
window_start TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
window_end TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
window_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time transformation
customer_id STRING NOT NULL <- model.payments.customer_id identity
s BIGINT NOT NULL <- model.payments.cents aggregation
group_by model.payments.customer_id
group_by+window model.payments.event_time
append, time window_time
features computed projection window
window tumble(event_time, 300000)
