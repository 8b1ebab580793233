SELECT COUNT(*) AS n, SUM(cents) AS s FROM $payments
-----
n BIGINT NOT NULL
s BIGINT <- model.payments.cents aggregation
retract
features computed group_by projection
