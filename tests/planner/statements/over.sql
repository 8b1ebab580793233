-- running sum
SELECT payment_id, SUM(amount_cents) OVER (PARTITION BY customer_id ORDER BY event_time) AS total FROM $payments;
-- running count over a range
SELECT payment_id, COUNT(*) OVER (PARTITION BY customer_id ORDER BY event_time
  RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS n FROM $payments;
-- running mean over rows
SELECT payment_id, AVG(amount) OVER (PARTITION BY customer_id ORDER BY event_time
  ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS mean, event_time FROM $payments;
-- two functions over one named window
SELECT payment_id, SUM(amount_cents) OVER w AS total, MAX(fee) OVER w AS fee FROM $payments
WINDOW w AS (PARTITION BY customer_id ORDER BY event_time ROWS BETWEEN 5 PRECEDING AND CURRENT ROW);
-- LAG and LEAD
SELECT payment_id, LAG(amount_cents) OVER (PARTITION BY customer_id ORDER BY event_time) AS before_,
  LAG(status, 2, 'NONE') OVER (PARTITION BY customer_id ORDER BY event_time) AS older FROM $payments;
-- first and last values
SELECT payment_id, FIRST_VALUE(status) OVER (PARTITION BY customer_id ORDER BY event_time) AS first_,
  LAST_VALUE(card_number) OVER (PARTITION BY customer_id ORDER BY event_time) AS last_ FROM $payments;
-- row number that is not filtered
SELECT payment_id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY event_time) AS n FROM $payments;
-- without a partition
SELECT payment_id, SUM(amount_cents) OVER (ORDER BY event_time) AS total FROM $payments;
-- over a time without zone
SELECT device_id, MAX(ratio) OVER (PARTITION BY device_id ORDER BY taken_at) AS top, taken_at FROM $readings;
-- count distinct over
SELECT payment_id, COUNT(DISTINCT card_number) OVER (PARTITION BY customer_id ORDER BY event_time) AS cards FROM $payments;
-- top-N
SELECT customer_id, payment_id, amount_cents FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY amount_cents DESC) AS n FROM $payments)
WHERE n <= 3;
-- top-N with its place
SELECT customer_id, payment_id, n FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY amount_cents DESC) AS n FROM $payments)
WHERE n <= 3;
-- top-1 by a column that is no time
SELECT customer_id, payment_id, amount_cents FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY amount_cents DESC) AS n FROM $payments)
WHERE n = 1;
-- top-N of everything
SELECT payment_id, amount_cents FROM (
  SELECT *, ROW_NUMBER() OVER (ORDER BY amount_cents DESC) AS n FROM $payments) WHERE n <= 10;
-- top-N of an aggregate
SELECT customer_id, total FROM (
  SELECT customer_id, total, ROW_NUMBER() OVER (ORDER BY total DESC) AS n FROM (
    SELECT customer_id, SUM(amount_cents) AS total FROM $payments GROUP BY customer_id)) WHERE n <= 5;
-- top-N of an aggregate, partitioned
SELECT currency, customer_id, total FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY total DESC) AS n FROM (
    SELECT customer_id, currency, SUM(amount_cents) AS total FROM $payments GROUP BY customer_id, currency)) WHERE n <= 5;
-- a sum over a column that is no time
SELECT customer_id, SUM(amount_cents) OVER (PARTITION BY customer_id ORDER BY amount_cents) AS total FROM $payments;
-- the first row by time
SELECT payment_id, customer_id, event_time FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY event_time) AS n FROM $payments) WHERE n = 1;
-- the last row by time
SELECT payment_id, customer_id, event_time FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY event_time DESC) AS n FROM $payments) WHERE n = 1;
-- the first row by arrival
SELECT payment_id, status FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY PROCTIME()) AS n FROM $payments) WHERE n = 1;
-- the last row by time, by two columns
SELECT customer_id, currency, status FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id, currency ORDER BY event_time DESC) AS n FROM $payments)
WHERE n = 1;
-- the last row without its key
SELECT status, amount FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY event_time DESC) AS n FROM $payments) WHERE n = 1;
-- an aggregate of the first rows
SELECT customer_id, COUNT(*) AS n FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY event_time) AS n FROM $payments) WHERE n = 1
GROUP BY customer_id;
-- a window of the first rows
WITH firsts AS (
  SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY payment_id ORDER BY event_time) AS n FROM $payments)
  WHERE n = 1)
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE firsts, DESCRIPTOR(event_time), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end;
-- LIMIT
SELECT payment_id FROM $payments LIMIT 10;
-- ORDER BY a column with LIMIT
SELECT payment_id, amount FROM $payments ORDER BY amount DESC LIMIT 10;
-- ORDER BY time
SELECT payment_id, event_time FROM $payments ORDER BY event_time;
