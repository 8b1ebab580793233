SELECT window_start, window_end, customer_id, COUNT(*) AS n FROM SESSION(TABLE $payments PARTITION BY customer_id, DESCRIPTOR(event_time), INTERVAL '10' MINUTE) GROUP BY window_start, window_end, customer_id
-----
window_start TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
window_end TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
customer_id STRING NOT NULL <- model.payments.customer_id identity
n BIGINT NOT NULL
group_by+window model.payments.customer_id
group_by+window model.payments.event_time
append
features computed projection window
window session(event_time, 600000)
