SELECT p.payment_id, p.event_time, c.band FROM $payments p JOIN $customers c
  ON p.customer_id = c.customer_id
  AND p.event_time BETWEEN c.updated_at AND c.updated_at + INTERVAL '30' DAY
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
event_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time identity
band STRING <- model.customers.band identity
join model.customers.customer_id
join model.customers.updated_at
join model.payments.customer_id
join model.payments.event_time
append, time event_time
features interval_join projection
