SELECT p.payment_id, i.sku, i.n FROM $payments p CROSS JOIN UNNEST(p.items) AS i (sku, n)
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
sku STRING <- model.payments.items transformation
n INT <- model.payments.items transformation
join model.payments.items
append
features projection unnest
