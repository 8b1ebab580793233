-- payments and refunds within a minute | early
SELECT p.payment_id, r.refund_id, p.event_time, r.refunded_at FROM $payments AS p JOIN $refunds AS r ON p.customer_id = r.customer_id AND r.refunded_at BETWEEN p.event_time AND p.event_time + INTERVAL '20' SECOND;

-- payments with refunds or without | early
SELECT p.payment_id, r.refund_id FROM $payments AS p LEFT JOIN $refunds AS r ON p.customer_id = r.customer_id AND r.refunded_at >= p.event_time - INTERVAL '5' SECOND AND r.refunded_at < p.event_time + INTERVAL '10' SECOND AND r.cents < p.amount_cents;

-- both sides or one | early
SELECT p.payment_id, r.refund_id FROM $payments AS p FULL JOIN $refunds AS r ON p.customer_id = r.customer_id AND r.refunded_at BETWEEN p.event_time - INTERVAL '3' SECOND AND p.event_time + INTERVAL '3' SECOND;

-- late rows that still meet
SELECT p.payment_id, r.refund_id FROM $payments AS p LEFT JOIN $refunds AS r ON p.customer_id = r.customer_id AND r.refunded_at BETWEEN p.event_time - INTERVAL '5' MINUTE AND p.event_time + INTERVAL '5' MINUTE AND r.cents > 900;

-- the version that held | early
SELECT p.payment_id, c.risk_band, c.score FROM $payments AS p JOIN $customers FOR SYSTEM_TIME AS OF p.event_time AS c ON p.customer_id = c.customer_id;

-- the version that held, or none | early
SELECT p.payment_id, c.risk_band FROM $payments AS p LEFT JOIN $customers FOR SYSTEM_TIME AS OF p.event_time AS c ON p.customer_id = c.customer_id;

-- a join for ever
SELECT p.payment_id, r.refund_id, r.reason FROM $payments AS p JOIN $refunds AS r ON p.customer_id = r.customer_id AND r.cents > 400;

-- a join that keeps the left side
SELECT p.payment_id, r.refund_id FROM $payments AS p LEFT JOIN $refunds AS r ON p.customer_id = r.customer_id AND r.cents > 500;

-- a join that keeps both sides
SELECT p.payment_id, r.refund_id FROM $payments AS p FULL OUTER JOIN $refunds AS r ON p.amount_cents = r.cents;

-- a join with changes
SELECT p.payment_id, a.account_id, a.balance FROM $payments AS p JOIN $accounts AS a ON p.customer_id = a.customer_id WHERE a.balance > 50;

-- a join with groups
SELECT p.payment_id, t.total FROM $payments AS p JOIN (SELECT customer_id, SUM(cents) AS total FROM $refunds GROUP BY customer_id) AS t ON p.customer_id = t.customer_id WHERE p.amount_cents > 500;

-- tables side by side
SELECT p.payment_id, r.refund_id FROM $payments AS p, $refunds AS r WHERE p.customer_id = r.customer_id AND r.cents > 800 AND p.status = 'CAPTURED';

-- USING
SELECT customer_id, payment_id, refund_id FROM $payments JOIN $refunds USING (customer_id) WHERE cents < 300;

-- windows that meet
SELECT p.customer_id, p.window_start, p.n, r.m FROM (SELECT customer_id, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '30' SECOND)) GROUP BY customer_id, window_start, window_end) AS p JOIN (SELECT customer_id, window_start, window_end, COUNT(*) AS m FROM TABLE(TUMBLE(TABLE $refunds, DESCRIPTOR(refunded_at), INTERVAL '30' SECOND)) GROUP BY customer_id, window_start, window_end) AS r ON p.customer_id = r.customer_id AND p.window_start = r.window_start AND p.window_end = r.window_end;

-- customers that were refunded
SELECT payment_id FROM $payments WHERE customer_id IN (SELECT customer_id FROM $refunds WHERE cents > 600);

-- customers that were not
SELECT payment_id FROM $payments AS p WHERE NOT EXISTS (SELECT 1 FROM $refunds AS r WHERE r.customer_id = p.customer_id AND r.cents > 600);

-- EXISTS
SELECT payment_id FROM $payments AS p WHERE EXISTS (SELECT 1 FROM $refunds AS r WHERE r.customer_id = p.customer_id AND r.reason = 'LOST');

-- more than the mean
SELECT payment_id, amount_cents FROM $payments WHERE amount_cents > (SELECT AVG(cents) FROM $refunds);

-- one after the other
SELECT payment_id AS id, amount_cents AS cents FROM $payments UNION ALL SELECT refund_id, -cents FROM $refunds;

-- both without doubles
SELECT customer_id FROM $payments UNION SELECT customer_id FROM $refunds;

-- in both
SELECT customer_id FROM $payments INTERSECT SELECT customer_id FROM $refunds;

-- in one only
SELECT customer_id FROM $payments EXCEPT SELECT customer_id FROM $refunds;
