SELECT customer_id, payment_id, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY cents DESC) AS rn FROM $payments) WHERE rn <= 3
-----
customer_id STRING NOT NULL <- model.payments.customer_id identity
payment_id STRING NOT NULL <- model.payments.payment_id identity
rn BIGINT NOT NULL
window model.payments.cents
window model.payments.customer_id
upsert by customer_id, rn
features computed filter projection rank
filter q.rn <= 3
