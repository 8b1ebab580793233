SELECT l.payment_id, r.band FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE)) l JOIN TABLE(TUMBLE(TABLE $customers, DESCRIPTOR(updated_at), INTERVAL '5' MINUTE)) r ON l.customer_id = r.customer_id AND l.window_start = r.window_start AND l.window_end = r.window_end
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
band STRING <- model.customers.band identity
join model.customers.customer_id
join+window model.customers.updated_at
join model.payments.customer_id
join+window model.payments.event_time
append
features projection window
window tumble(event_time, 300000)
window tumble(updated_at, 300000)
