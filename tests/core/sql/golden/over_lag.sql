SELECT payment_id, LAG(note) OVER w AS before, LAG(status, 1, 'none') OVER w AS other FROM $payments WINDOW w AS (PARTITION BY customer_id ORDER BY event_time)
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
before STRING <- model.payments.note aggregation
other STRING NOT NULL <- model.payments.status aggregation
window model.payments.customer_id
window model.payments.event_time
append
features computed over projection
