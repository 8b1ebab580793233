SELECT payment_id AS id, cents / 100 AS euros, UPPER(status) AS s, note || '!' AS n
FROM $payments
-----
id STRING NOT NULL <- model.payments.payment_id identity
euros BIGINT NOT NULL <- model.payments.cents transformation
s STRING NOT NULL <- model.payments.status transformation
n STRING <- model.payments.note transformation
append
features computed projection
