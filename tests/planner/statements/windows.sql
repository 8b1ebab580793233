-- tumbling window
SELECT window_start, window_end, customer_id, SUM(amount_cents) AS total
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, customer_id;
-- tumbling window without TABLE( )
SELECT window_start, window_end, COUNT(*) AS n
FROM TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE)
GROUP BY window_start, window_end;
-- tumbling window with its time
SELECT window_start, window_end, window_time, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, window_time;
-- tumbling window with an offset
SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '1' DAY, INTERVAL '8' HOUR))
GROUP BY window_start, window_end;
-- tumbling window with named arguments
SELECT window_start, window_end, MAX(fee) AS fee
FROM TABLE(TUMBLE(DATA => TABLE $payments, TIMECOL => DESCRIPTOR(event_time), SIZE => INTERVAL '10' MINUTE))
GROUP BY window_start, window_end;
-- rows with their window
SELECT payment_id, event_time, window_start, window_end, window_time
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE));
-- star of a window
SELECT * FROM TABLE(TUMBLE(TABLE $refunds, DESCRIPTOR(refunded_at), INTERVAL '5' MINUTE));
-- window over a time without zone
SELECT window_start, window_end, window_time, device_id, AVG(ratio) AS ratio
FROM TABLE(TUMBLE(TABLE $readings, DESCRIPTOR(taken_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, device_id;
-- hopping window
SELECT window_start, window_end, customer_id, COUNT(*) AS n
FROM TABLE(HOP(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, customer_id;
-- hopping window with named arguments
SELECT window_start, window_end, SUM(fee) AS fee
FROM TABLE(HOP(DATA => TABLE $payments, TIMECOL => DESCRIPTOR(event_time), SLIDE => INTERVAL '5' MINUTES, SIZE => INTERVAL '10' MINUTES))
GROUP BY window_start, window_end;
-- cumulating window
SELECT window_start, window_end, SUM(amount) AS amount
FROM TABLE(CUMULATE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '10' MINUTE, INTERVAL '1' DAY))
GROUP BY window_start, window_end;
-- session window
SELECT window_start, window_end, customer_id, COUNT(*) AS n
FROM TABLE(SESSION(TABLE $payments PARTITION BY customer_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, customer_id;
-- session window of everything
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(SESSION(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end;
-- window of a filtered query
WITH captured AS (SELECT * FROM $payments WHERE status = 'CAPTURED')
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE captured, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end;
-- window with grouping sets
SELECT window_start, window_end, customer_id, currency, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, GROUPING SETS ((customer_id), (currency), ());
-- window over a window
WITH minutes AS (
  SELECT window_time AS minute_, customer_id, SUM(amount_cents) AS total
  FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
  GROUP BY window_start, window_end, window_time, customer_id)
SELECT window_start, window_end, SUM(total) AS total
FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(minute_), INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
-- window without the key in the result
SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end;
-- window top-N
SELECT window_start, window_end, customer_id, total, place FROM (
  SELECT window_start, window_end, customer_id, total,
    ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY total DESC) AS place
  FROM (
    SELECT window_start, window_end, customer_id, SUM(amount_cents) AS total
    FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
    GROUP BY window_start, window_end, customer_id))
WHERE place <= 3;
-- window top-N of rows
SELECT payment_id, amount_cents, window_start FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY amount_cents DESC) AS place
  FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE)))
WHERE place <= 3;
-- window deduplication
SELECT payment_id, customer_id, window_end FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, customer_id ORDER BY event_time DESC) AS n
  FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE)))
WHERE n = 1;
-- window join
SELECT p.payment_id, r.refund_id, p.window_start, p.window_end
FROM (SELECT * FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))) AS p
JOIN (SELECT * FROM TABLE(TUMBLE(TABLE $refunds, DESCRIPTOR(refunded_at), INTERVAL '5' MINUTE))) AS r
  ON p.payment_id = r.payment_id AND p.window_start = r.window_start AND p.window_end = r.window_end;
-- window left join
SELECT p.payment_id, r.reason
FROM (SELECT * FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))) AS p
LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE $refunds, DESCRIPTOR(refunded_at), INTERVAL '5' MINUTE))) AS r
  ON p.payment_id = r.payment_id AND p.window_start = r.window_start AND p.window_end = r.window_end;
-- tumbling group window
SELECT TUMBLE_START(event_time, INTERVAL '5' MINUTE) AS window_start, customer_id, SUM(amount_cents) AS total
FROM $payments GROUP BY TUMBLE(event_time, INTERVAL '5' MINUTE), customer_id;
-- tumbling group window with all its times
SELECT TUMBLE_START(event_time, INTERVAL '5' MINUTE) AS a, TUMBLE_END(event_time, INTERVAL '5' MINUTE) AS b,
  TUMBLE_ROWTIME(event_time, INTERVAL '5' MINUTE) AS c, COUNT(*) AS n
FROM $payments GROUP BY TUMBLE(event_time, INTERVAL '5' MINUTE);
-- tumbling group window over a time without zone
SELECT TUMBLE_START(taken_at, INTERVAL '1' MINUTE) AS a, TUMBLE_ROWTIME(taken_at, INTERVAL '1' MINUTE) AS b,
  device_id, MIN(ratio) AS ratio
FROM $readings GROUP BY device_id, TUMBLE(taken_at, INTERVAL '1' MINUTE);
-- hopping group window
SELECT HOP_START(event_time, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) AS a,
  HOP_END(event_time, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) AS b, COUNT(*) AS n
FROM $payments GROUP BY HOP(event_time, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE);
-- session group window
SELECT SESSION_START(event_time, INTERVAL '30' MINUTE) AS a, SESSION_END(event_time, INTERVAL '30' MINUTE) AS b,
  SESSION_ROWTIME(event_time, INTERVAL '30' MINUTE) AS c, customer_id, COUNT(*) AS n
FROM $payments GROUP BY SESSION(event_time, INTERVAL '30' MINUTE), customer_id;
-- group window over a group window
SELECT TUMBLE_END(t, INTERVAL '1' HOUR) AS hour_end, SUM(n) AS n FROM (
  SELECT TUMBLE_ROWTIME(event_time, INTERVAL '1' MINUTE) AS t, COUNT(*) AS n
  FROM $payments GROUP BY TUMBLE(event_time, INTERVAL '1' MINUTE))
GROUP BY TUMBLE(t, INTERVAL '1' HOUR);
-- group window with HAVING
SELECT customer_id, COUNT(*) AS n FROM $payments
GROUP BY customer_id, TUMBLE(event_time, INTERVAL '5' MINUTE) HAVING COUNT(*) > 10;
-- window of updating rows
SELECT window_start, window_end, risk_band, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE $customers, DESCRIPTOR(updated_at), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, risk_band;
-- window with a distinct count
SELECT window_start, window_end, COUNT(DISTINCT card_number) AS cards
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end;
-- window columns but grouped by one of them only
SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start;
-- window of a union
WITH moves AS (
  SELECT amount_cents, event_time AS t FROM $payments
  UNION ALL SELECT -amount_cents, refunded_at FROM $refunds)
SELECT window_start, window_end, SUM(amount_cents) AS total
FROM TABLE(TUMBLE(TABLE moves, DESCRIPTOR(t), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end;
