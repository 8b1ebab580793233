SELECT payment_id, cents, event_time FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY event_time DESC) AS rn FROM $payments) WHERE rn = 1
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
cents BIGINT NOT NULL <- model.payments.cents identity
event_time TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time identity
window model.payments.event_time
window model.payments.payment_id
upsert by payment_id, time event_time
features computed deduplicate filter projection
filter q.rn = 1
