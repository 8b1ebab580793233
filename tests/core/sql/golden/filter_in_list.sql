SELECT payment_id FROM $payments WHERE status IN ('B', 'A') AND cents > 10
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
filter model.payments.cents
filter model.payments.status
append
features filter projection
filter model.payments.cents > 10
filter model.payments.status IN ('A', 'B')
