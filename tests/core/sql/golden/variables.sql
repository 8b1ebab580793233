SELECT payment_id FROM $payments WHERE cents > {{ var("limit") }} AND status = {{ var('status') }} AND {{ var("on") }}
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
filter model.payments.cents
filter model.payments.status
append
features filter projection
filter TRUE
filter model.payments.cents > 100
filter model.payments.status = 'it''s'
