SELECT c.*, p.cents FROM $payments p JOIN $customers c ON p.customer_id = c.customer_id AND p.event_time BETWEEN c.updated_at AND c.updated_at + INTERVAL '1' HOUR
-----
customer_id STRING NOT NULL <- model.customers.customer_id identity
band STRING <- model.customers.band identity
email STRING <- model.customers.email identity
updated_at TIMESTAMP_LTZ(3) NOT NULL <- model.customers.updated_at identity
cents BIGINT NOT NULL <- model.payments.cents identity
join model.customers.customer_id
join model.customers.updated_at
join model.payments.customer_id
join model.payments.event_time
append, time updated_at
features interval_join projection
