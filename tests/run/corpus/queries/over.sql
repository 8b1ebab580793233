-- running totals
SELECT payment_id, SUM(amount_cents) OVER (PARTITION BY customer_id ORDER BY event_time RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS total FROM $payments;

-- the last twenty seconds
SELECT payment_id, COUNT(*) OVER w AS n, SUM(amount) OVER w AS total, MAX(amount_cents) OVER w AS top FROM $payments WINDOW w AS (PARTITION BY customer_id ORDER BY event_time RANGE BETWEEN INTERVAL '20' SECOND PRECEDING AND CURRENT ROW);

-- the last three rows
SELECT payment_id, AVG(amount_cents) OVER (PARTITION BY customer_id ORDER BY event_time ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean FROM $payments;

-- all rows before
SELECT payment_id, COUNT(*) OVER (PARTITION BY status ORDER BY event_time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS n FROM $payments;

-- the row before
SELECT payment_id, LAG(amount_cents, 1) OVER (PARTITION BY customer_id ORDER BY event_time) AS before_it, LAG(status, 2) OVER (PARTITION BY customer_id ORDER BY event_time) AS before_that FROM $payments;
