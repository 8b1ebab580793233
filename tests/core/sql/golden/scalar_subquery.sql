SELECT payment_id, (SELECT MAX(band) FROM $customers) AS top FROM $payments
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
top STRING <- model.customers.band aggregation
retract
features computed group_by projection subquery
