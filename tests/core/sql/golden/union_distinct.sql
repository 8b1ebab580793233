SELECT customer_id FROM $payments UNION SELECT customer_id FROM $customers
-----
customer_id STRING NOT NULL <- model.customers.customer_id identity, model.payments.customer_id identity
group_by model.customers.customer_id
group_by model.payments.customer_id
upsert by customer_id
features distinct projection union
