SELECT p.payment_id, p.event_time, c.band FROM $payments p LEFT JOIN $customers c ON p.customer_id = c.customer_id
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
event_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time identity
band STRING <- model.customers.band identity
join model.customers.customer_id
join model.payments.customer_id
retract
features projection regular_join
warning 1:82 CS434 the join with 'c' keeps all rows of both sides for ever
