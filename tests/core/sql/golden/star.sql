SELECT * FROM $customers
-----
customer_id STRING NOT NULL <- model.customers.customer_id identity
band STRING <- model.customers.band identity
email STRING <- model.customers.email identity
updated_at TIMESTAMP_LTZ(3) NOT NULL <- model.customers.updated_at identity
append, time updated_at
features
