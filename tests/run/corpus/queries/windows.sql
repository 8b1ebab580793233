-- TUMBLE as a table
SELECT window_start, window_end, COUNT(*) AS n, SUM(amount_cents) AS total, AVG(amount_cents) AS mean FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;

-- TUMBLE by customer
SELECT customer_id, window_start, MIN(amount) AS low, MAX(amount) AS high, COUNT(DISTINCT status) AS kinds FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '30' SECOND)) GROUP BY customer_id, window_start, window_end;

-- TUMBLE with an offset
SELECT window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '30' SECOND, INTERVAL '7' SECOND)) GROUP BY window_start, window_end;

-- HOP as a table
SELECT customer_id, window_start, window_end, COUNT(*) AS n, SUM(fee) AS fees FROM TABLE(HOP(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY customer_id, window_start, window_end;

-- CUMULATE as a table
SELECT window_start, window_end, COUNT(*) AS n, SUM(amount) AS total FROM TABLE(CUMULATE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;

-- SESSION as a table
SELECT customer_id, window_start, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE $payments PARTITION BY customer_id, DESCRIPTOR(event_time), INTERVAL '8' SECOND)) GROUP BY customer_id, window_start, window_end;

-- TUMBLE in GROUP BY
SELECT customer_id, TUMBLE_START(event_time, INTERVAL '20' SECOND) AS ws, TUMBLE_END(event_time, INTERVAL '20' SECOND) AS we, SUM(amount_cents) AS total FROM $payments GROUP BY customer_id, TUMBLE(event_time, INTERVAL '20' SECOND);

-- HOP in GROUP BY
SELECT HOP_START(event_time, INTERVAL '10' SECOND, INTERVAL '30' SECOND) AS ws, COUNT(*) AS n FROM $payments GROUP BY HOP(event_time, INTERVAL '10' SECOND, INTERVAL '30' SECOND);

-- SESSION in GROUP BY
SELECT customer_id, SESSION_START(event_time, INTERVAL '6' SECOND) AS ws, SESSION_END(event_time, INTERVAL '6' SECOND) AS we, COUNT(*) AS n FROM $payments GROUP BY customer_id, SESSION(event_time, INTERVAL '6' SECOND);

-- windows of a filtered query
WITH big AS (SELECT customer_id, amount_cents, event_time FROM $payments WHERE amount_cents > 300) SELECT customer_id, window_end, MAX(amount_cents) AS top FROM TABLE(TUMBLE(TABLE big, DESCRIPTOR(event_time), INTERVAL '15' SECOND)) GROUP BY customer_id, window_start, window_end HAVING COUNT(*) > 1;

-- windows of windows
WITH ten AS (SELECT window_time AS rowtime, SUM(amount_cents) AS total FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time) SELECT window_start, window_end, SUM(total) AS total, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE ten, DESCRIPTOR(rowtime), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;

-- rows with their window
SELECT payment_id, window_start, window_end, window_time FROM TABLE(HOP(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) WHERE amount_cents > 700;

-- conditions on aggregates
SELECT window_start, COUNT(*) FILTER (WHERE status = 'CAPTURED') AS captured, SUM(amount_cents) FILTER (WHERE is_online) AS online, STDDEV_POP(fee) AS spread FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;

-- the three largest of each window
SELECT window_end, payment_id, amount_cents, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY amount_cents DESC, payment_id) AS rn FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '20' SECOND))) WHERE rn <= 3;

-- windows in local time
SELECT page, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE $clicks, DESCRIPTOR(seen_at), INTERVAL '10' SECOND)) GROUP BY page, window_start, window_end;
