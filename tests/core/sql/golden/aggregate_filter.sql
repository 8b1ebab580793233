SELECT status, SUM(cents) FILTER (WHERE note IS NOT NULL) AS s FROM $payments GROUP BY status
-----
status STRING NOT NULL <- model.payments.status identity
s BIGINT <- model.payments.cents aggregation
filter model.payments.note
group_by model.payments.status
upsert by status
features computed group_by projection
