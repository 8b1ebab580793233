SELECT /*+ STATE_TTL('p' = '1d') */ p.payment_id -- the key
FROM $payments /*+ OPTIONS('scan.startup.mode' = 'latest-offset') */ p JOIN $customers c /* who */ ON p.customer_id = c.customer_id
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
join model.customers.customer_id
join model.payments.customer_id
append
features projection regular_join
