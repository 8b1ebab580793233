SELECT p.payment_id, p.event_time, a.segment FROM $payments p JOIN $accounts FOR SYSTEM_TIME AS OF p.event_time AS a ON p.customer_id = a.customer_id
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
event_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time identity
segment STRING <- source.accounts.segment identity
join model.payments.customer_id
join model.payments.event_time
join source.accounts.customer_id
append, time event_time
features projection temporal_join
