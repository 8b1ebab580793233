SELECT payment_id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY cents) AS n FROM $payments
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
n BIGINT NOT NULL
window model.payments.cents
window model.payments.customer_id
retract
features computed over projection
