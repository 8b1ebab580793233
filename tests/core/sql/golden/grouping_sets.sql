SELECT status, customer_id, COUNT(*) AS n FROM $payments GROUP BY GROUPING SETS ((status), (status, customer_id), ())
-----
status STRING <- model.payments.status identity
customer_id STRING <- model.payments.customer_id identity
n BIGINT NOT NULL
group_by model.payments.customer_id
group_by model.payments.status
retract
features computed group_by projection
