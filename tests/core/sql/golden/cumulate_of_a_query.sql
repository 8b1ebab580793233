SELECT window_end, SUM(cents) AS s FROM TABLE(CUMULATE(TABLE (SELECT cents, event_time FROM $payments WHERE cents > 0), DESCRIPTOR(event_time), INTERVAL '1' HOUR, INTERVAL '1' DAY)) GROUP BY window_start, window_end
-----
window_end TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
s BIGINT NOT NULL <- model.payments.cents aggregation
filter model.payments.cents
group_by+window model.payments.event_time
append
features computed filter projection window
window cumulate(event_time, 3600000, 86400000)
