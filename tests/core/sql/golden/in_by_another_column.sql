SELECT customer_id FROM $accounts WHERE segment IN (SELECT status FROM $payments)
-----
customer_id STRING NOT NULL <- source.accounts.customer_id identity
filter model.payments.status
filter source.accounts.segment
retract
features filter projection subquery
filter source.accounts.segment IN (model.payments.status status FROM model.payments)
