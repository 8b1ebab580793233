SELECT customer_id, event_time AS seen_at FROM $payments UNION ALL SELECT customer_id, updated_at FROM $customers
-----
customer_id STRING NOT NULL <- model.customers.customer_id identity, model.payments.customer_id identity
seen_at TIMESTAMP_LTZ(3) NOT NULL <- model.customers.updated_at identity, model.payments.event_time identity
append, time seen_at
features projection union
