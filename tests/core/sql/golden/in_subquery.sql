SELECT payment_id FROM $payments WHERE customer_id IN (SELECT customer_id FROM $customers WHERE band = 'HIGH')
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
filter model.customers.band
filter model.customers.customer_id
filter model.payments.customer_id
append
features filter projection subquery
filter model.payments.customer_id IN (model.customers.customer_id customer_id FROM model.customers WHERE model.customers.band = 'HIGH')
