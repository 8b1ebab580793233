SELECT p.payment_id FROM $payments p, $customers c WHERE p.customer_id = c.customer_id AND p.event_time >= c.updated_at AND p.event_time < c.updated_at + INTERVAL '1' HOUR
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
filter model.customers.customer_id
filter model.customers.updated_at
filter model.payments.customer_id
filter model.payments.event_time
append
features filter interval_join projection
filter (model.customers.updated_at + INTERVAL 3600000 ms) > model.payments.event_time
filter model.customers.customer_id = model.payments.customer_id
filter model.customers.updated_at <= model.payments.event_time
