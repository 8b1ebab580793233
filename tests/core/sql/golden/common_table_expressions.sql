WITH big AS (SELECT * FROM $payments WHERE cents > 100),
  everyone (id) AS (SELECT customer_id FROM big UNION ALL SELECT customer_id FROM $customers)
SELECT id FROM everyone
-----
id STRING NOT NULL <- model.customers.customer_id identity, model.payments.customer_id identity
filter model.payments.cents
append
features cte filter projection union
