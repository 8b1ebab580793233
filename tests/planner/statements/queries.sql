-- one CTE
WITH big AS (SELECT payment_id, amount_cents FROM $payments WHERE amount_cents > 100)
SELECT payment_id FROM big;
-- CTE with column names
WITH big (id, cents) AS (SELECT payment_id, amount_cents FROM $payments) SELECT id, cents FROM big;
-- CTE that reads a CTE
WITH a AS (SELECT payment_id, status FROM $payments), b AS (SELECT payment_id FROM a WHERE status = 'X')
SELECT * FROM b;
-- CTE read twice
WITH a AS (SELECT payment_id, customer_id FROM $payments)
SELECT x.payment_id, y.payment_id AS other FROM a AS x JOIN a AS y ON x.customer_id = y.customer_id;
-- CTE with the time attribute
WITH a AS (SELECT payment_id, event_time FROM $payments) SELECT * FROM a;
-- a query in FROM
SELECT s.id FROM (SELECT payment_id AS id, status FROM $payments) AS s WHERE s.status = 'X';
-- a query in FROM with column names
SELECT id, cents * 2 AS twice FROM (SELECT payment_id, amount_cents FROM $payments) AS s (id, cents);
-- queries three deep
SELECT n + 1 AS n FROM (SELECT n * 2 AS n FROM (SELECT amount_cents AS n FROM $payments));
-- the fraud query
SELECT p.payment_id, p.customer_id, p.amount_cents, c.risk_band,
  CASE WHEN c.risk_band = 'HIGH' THEN 'BLOCK' ELSE 'ALLOW' END AS decision, p.event_time
FROM $payments AS p JOIN $customers FOR SYSTEM_TIME AS OF p.event_time AS c ON p.customer_id = c.customer_id
WHERE p.status IN ('AUTHORIZED', 'CAPTURED');
-- the balance query
SELECT customer_id, SUM(amount_cents) AS total, COUNT(*) AS n,
  TUMBLE_START(event_time, INTERVAL '5' MINUTE) AS window_start
FROM $payments WHERE status = 'CAPTURED' GROUP BY customer_id, TUMBLE(event_time, INTERVAL '5' MINUTE);
-- a star without a column that was added
SELECT s.payment_id, s.amount * 2 AS twice FROM (SELECT *, amount_cents / 100.0 AS units FROM $payments) AS s;
-- QUALIFY
SELECT payment_id, customer_id FROM $payments
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY event_time DESC) = 1;
-- unnamed columns
SELECT COUNT(*), MAX(amount) FROM $payments;
-- an unnamed expression beside a column
SELECT payment_id, amount_cents + 1 FROM $payments;
-- a table without an alias is named by itself
SELECT payments.payment_id FROM $payments;
