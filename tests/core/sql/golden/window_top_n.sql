SELECT customer_id, s FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY s DESC) AS rn FROM (SELECT window_start, window_end, customer_id, SUM(cents) AS s FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, customer_id)) WHERE rn <= 3
-----
customer_id STRING NOT NULL <- model.payments.customer_id identity
s BIGINT NOT NULL <- model.payments.cents aggregation
window model.payments.cents
group_by model.payments.customer_id
group_by+window model.payments.event_time
append
features computed filter projection rank window
window tumble(event_time, 3600000)
filter q~3.rn <= 3
