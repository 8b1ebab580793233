SELECT p.payment_id, p.address.* FROM $payments AS p
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
city STRING <- model.payments.address transformation
zip STRING <- model.payments.address transformation
append
features projection
