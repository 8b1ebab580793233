SELECT customer_id FROM $payments EXCEPT SELECT customer_id FROM $customers
-----
customer_id STRING NOT NULL <- model.payments.customer_id identity
filter model.customers.customer_id
upsert by customer_id
features projection set_operation
