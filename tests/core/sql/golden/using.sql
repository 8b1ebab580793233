SELECT customer_id, payment_id, band FROM $payments JOIN $customers USING (customer_id)
-----
customer_id STRING NOT NULL <- model.customers.customer_id identity, model.payments.customer_id identity
payment_id STRING NOT NULL <- model.payments.payment_id identity
band STRING <- model.customers.band identity
join model.customers.customer_id
join model.payments.customer_id
append
features projection regular_join
warning 1:70 CS434 the join with 'customers' keeps all rows of both sides for ever
