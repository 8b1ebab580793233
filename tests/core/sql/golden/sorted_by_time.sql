SELECT payment_id, event_time FROM $payments ORDER BY event_time
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
event_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time identity
sort model.payments.event_time
append, time event_time
features order_by projection
