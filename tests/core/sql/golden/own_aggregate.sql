SELECT status, MEDIAN(cents) AS m FROM $payments GROUP BY status
-----
status STRING NOT NULL <- model.payments.status identity
m DOUBLE <- model.payments.cents aggregation
group_by model.payments.status
upsert by status
features computed group_by projection udf
calls MEDIAN
