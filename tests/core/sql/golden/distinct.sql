SELECT DISTINCT customer_id, status FROM $payments
-----
customer_id STRING NOT NULL <- model.payments.customer_id identity
status STRING NOT NULL <- model.payments.status identity
group_by model.payments.customer_id
group_by model.payments.status
upsert by customer_id, status
features distinct projection
