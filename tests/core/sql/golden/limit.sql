SELECT payment_id, cents FROM $payments ORDER BY cents DESC LIMIT 10
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
cents BIGINT NOT NULL <- model.payments.cents identity
sort model.payments.cents
retract
features limit order_by projection
