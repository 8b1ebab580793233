SELECT payment_id, SUM(cents) OVER (PARTITION BY customer_id ORDER BY cents) AS s FROM $payments
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
s BIGINT NOT NULL <- model.payments.cents aggregation
window model.payments.cents
window model.payments.customer_id
retract
features computed over projection
