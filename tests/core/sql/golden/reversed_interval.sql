SELECT p.payment_id FROM $payments p JOIN $customers c
  ON p.customer_id = c.customer_id
  AND p.event_time BETWEEN c.updated_at - INTERVAL '30' DAY AND c.updated_at
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
join model.customers.customer_id
join model.customers.updated_at
join model.payments.customer_id
join model.payments.event_time
append
features interval_join projection
warning 3:9 CS433 only rows of 'c' that come at or after 'p.event_time', up to 30 days later, match
