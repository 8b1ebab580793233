SELECT window_start, window_end, COUNT(*) AS n FROM HOP(DATA => TABLE $payments, TIMECOL => DESCRIPTOR(event_time), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '5' MINUTE) GROUP BY window_start, window_end
-----
window_start TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
window_end TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
n BIGINT NOT NULL
group_by+window model.payments.event_time
append
features computed projection window
window hop(event_time, 60000, 300000)
