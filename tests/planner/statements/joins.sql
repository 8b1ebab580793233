-- inner join
SELECT p.payment_id, r.refund_id FROM $payments AS p JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- left join
SELECT p.payment_id, r.refund_id, r.amount_cents FROM $payments AS p
LEFT JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- right join
SELECT p.payment_id, p.amount_cents, r.refund_id FROM $payments AS p
RIGHT JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- full join
SELECT p.payment_id, r.refund_id FROM $payments AS p FULL OUTER JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- cross join
SELECT p.payment_id, r.rate FROM $payments AS p CROSS JOIN $rates AS r;
-- join by a comma
SELECT p.payment_id, r.refund_id FROM $payments AS p, $refunds AS r WHERE p.payment_id = r.payment_id;
-- USING
SELECT payment_id, refund_id, status FROM $payments JOIN $refunds USING (payment_id);
-- star of USING
SELECT * FROM $refunds JOIN (SELECT payment_id, status FROM $payments) USING (payment_id);
-- star of a join
SELECT * FROM $refunds AS a JOIN $rates AS b ON a.reason = b.currency;
-- join of more than equality
SELECT p.payment_id, r.rate FROM $payments AS p JOIN $rates AS r
  ON p.currency = r.currency AND p.created_at > r.quoted_at;
-- join of three
SELECT p.payment_id, r.refund_id, x.rate FROM $payments AS p
JOIN $refunds AS r ON p.payment_id = r.payment_id JOIN $rates AS x ON x.currency = p.currency;
-- self join
SELECT a.payment_id, b.payment_id AS other FROM $payments AS a JOIN $payments AS b ON a.customer_id = b.customer_id;
-- the time attribute behind a regular join
SELECT p.payment_id, p.event_time FROM $payments AS p JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- join with updating rows
SELECT p.payment_id, c.risk_band FROM $payments AS p JOIN $customers AS c ON p.customer_id = c.customer_id;
-- left join with updating rows
SELECT p.payment_id, c.risk_band, c.kyc_status FROM $payments AS p
LEFT JOIN $customers AS c ON p.customer_id = c.customer_id;
-- join of two keyed streams by their keys
SELECT c.customer_id, c.risk_band, a.account_id, a.balance FROM $customers AS c
JOIN $accounts AS a ON c.customer_id = a.customer_id;
-- join by both keys
SELECT a.customer_id, a.risk_band, b.n FROM $customers AS a
JOIN (SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id) AS b ON a.customer_id = b.customer_id;
-- left join by both keys
SELECT a.customer_id, a.risk_band, b.n FROM $customers AS a
LEFT JOIN (SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id) AS b ON a.customer_id = b.customer_id;
-- interval join with BETWEEN
SELECT p.payment_id, r.refund_id, p.event_time FROM $payments AS p JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND r.refunded_at BETWEEN p.event_time AND p.event_time + INTERVAL '1' DAY;
-- interval join with both times
SELECT p.event_time, r.refunded_at FROM $payments AS p JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND r.refunded_at BETWEEN p.event_time - INTERVAL '1' HOUR AND p.event_time + INTERVAL '1' HOUR;
-- interval join with comparisons
SELECT p.payment_id, r.refunded_at FROM $payments AS p JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND r.refunded_at >= p.event_time AND r.refunded_at < p.event_time + INTERVAL '7' DAY;
-- interval join in WHERE
SELECT p.payment_id, r.refund_id FROM $payments AS p, $refunds AS r
WHERE p.payment_id = r.payment_id AND p.event_time BETWEEN r.refunded_at - INTERVAL '4' HOUR AND r.refunded_at;
-- interval left join
SELECT p.payment_id, p.event_time, r.refund_id, r.refunded_at FROM $payments AS p LEFT JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND r.refunded_at BETWEEN p.event_time AND p.event_time + INTERVAL '1' DAY;
-- interval full join
SELECT p.payment_id, r.refund_id FROM $payments AS p FULL JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND r.refunded_at BETWEEN p.event_time AND p.event_time + INTERVAL '1' DAY;
-- interval join with equal times
SELECT p.payment_id, r.refund_id FROM $payments AS p JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND p.event_time = r.refunded_at;
-- only one bound
SELECT p.payment_id, r.refund_id FROM $payments AS p JOIN $refunds AS r
  ON p.payment_id = r.payment_id AND r.refunded_at > p.event_time;
-- window of an interval join
WITH joined AS (
  SELECT p.customer_id, p.event_time FROM $payments AS p JOIN $refunds AS r
    ON p.payment_id = r.payment_id AND r.refunded_at BETWEEN p.event_time AND p.event_time + INTERVAL '1' DAY)
SELECT window_start, window_end, customer_id, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, customer_id;
-- temporal join
SELECT p.payment_id, p.event_time, c.risk_band FROM $payments AS p
JOIN $customers FOR SYSTEM_TIME AS OF p.event_time AS c ON p.customer_id = c.customer_id;
-- temporal left join
SELECT p.payment_id, c.risk_band, c.updated_at FROM $payments AS p
LEFT JOIN $customers FOR SYSTEM_TIME AS OF p.event_time AS c ON p.customer_id = c.customer_id;
-- temporal join through a view of versions
WITH versions AS (
  SELECT customer_id, risk_band, updated_at FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY updated_at DESC) AS n FROM $customers)
  WHERE n = 1)
SELECT p.payment_id, v.risk_band FROM $payments AS p
LEFT JOIN versions AS v ON p.customer_id = v.customer_id;
-- IN with a query
SELECT payment_id FROM $payments WHERE payment_id IN (SELECT payment_id FROM $refunds);
-- NOT IN with a query
SELECT payment_id FROM $payments WHERE payment_id NOT IN (SELECT payment_id FROM $refunds);
-- EXISTS
SELECT p.payment_id, p.amount FROM $payments AS p
WHERE EXISTS (SELECT 1 FROM $refunds AS r WHERE r.payment_id = p.payment_id);
-- NOT EXISTS
SELECT p.payment_id FROM $payments AS p
WHERE NOT EXISTS (SELECT * FROM $refunds AS r WHERE r.payment_id = p.payment_id);
-- scalar subquery
SELECT payment_id, amount_cents FROM $payments WHERE amount_cents > (SELECT AVG(amount_cents) FROM $refunds);
-- scalar subquery as a column
SELECT payment_id, (SELECT MAX(rate) FROM $rates) AS top FROM $payments;
-- lateral subquery
SELECT p.payment_id, r.n FROM $payments AS p
LEFT JOIN LATERAL (SELECT COUNT(*) AS n FROM $refunds AS x WHERE x.payment_id = p.payment_id) AS r ON TRUE;
-- aggregate of a join
SELECT p.customer_id, COUNT(*) AS n FROM $payments AS p JOIN $refunds AS r ON p.payment_id = r.payment_id
GROUP BY p.customer_id;
-- join of an aggregate with its rows
SELECT p.payment_id, t.total FROM $payments AS p
JOIN (SELECT customer_id, SUM(amount_cents) AS total FROM $payments GROUP BY customer_id) AS t
  ON p.customer_id = t.customer_id;
-- NATURAL JOIN
SELECT refund_id, status FROM $refunds NATURAL JOIN (SELECT payment_id, status FROM $payments);
-- state TTL hint on a join
SELECT /*+ STATE_TTL('p' = '7d', 'r' = '1d') */ p.payment_id, r.refund_id
FROM $payments AS p JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- a filter above a left join
SELECT p.payment_id, r.reason FROM $payments AS p LEFT JOIN $refunds AS r ON p.payment_id = r.payment_id
WHERE r.reason IS NOT NULL;
