SELECT payment_id FROM $payments p WHERE NOT EXISTS (SELECT 1 FROM $customers c WHERE c.customer_id = p.customer_id)
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
filter model.customers.customer_id
filter model.payments.customer_id
retract
features computed filter projection subquery
filter NOT EXISTS (1 EXPR$0 FROM model.customers WHERE model.customers.customer_id = model.payments.customer_id)
