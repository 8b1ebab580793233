-- count of all
SELECT COUNT(*) AS n FROM $payments;
-- count by key
SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id;
-- key of two columns
SELECT customer_id, currency, SUM(amount_cents) AS total FROM $payments GROUP BY customer_id, currency;
-- key that is not selected
SELECT COUNT(*) AS n FROM $payments GROUP BY customer_id;
-- part of the key is selected
SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id, currency;
-- key under another name
SELECT customer_id AS who, MAX(amount) AS largest FROM $payments GROUP BY customer_id;
-- sums
SELECT customer_id, SUM(amount_cents) AS a, SUM(amount) AS b, SUM(fee) AS c, SUM(installments) AS d
FROM $payments GROUP BY customer_id;
-- sums of small numbers
SELECT device_id, SUM(tiny) AS a, SUM(small) AS b, SUM(ratio) AS c, SUM(wide) AS d FROM $readings GROUP BY device_id;
-- means
SELECT customer_id, AVG(amount_cents) AS a, AVG(amount) AS b, AVG(fee) AS c, AVG(installments) AS d
FROM $payments GROUP BY customer_id;
-- means of small numbers
SELECT device_id, AVG(tiny) AS a, AVG(ratio) AS b, AVG(wide) AS c FROM $readings GROUP BY device_id;
-- extremes
SELECT customer_id, MIN(amount_cents) AS a, MAX(card_number) AS b, MIN(event_time) AS c, MAX(booked_on) AS d
FROM $payments GROUP BY customer_id;
-- counts
SELECT customer_id, COUNT(card_number) AS a, COUNT(DISTINCT card_number) AS b, COUNT(1) AS c
FROM $payments GROUP BY customer_id;
-- aggregates of everything
SELECT SUM(amount_cents) AS a, MAX(status) AS b, AVG(fee) AS c, COUNT(fee) AS d FROM $payments;
-- FILTER
SELECT customer_id, COUNT(*) FILTER (WHERE status = 'REFUSED') AS refused,
  SUM(amount_cents) FILTER (WHERE is_online) AS online FROM $payments GROUP BY customer_id;
-- sum of a CASE
SELECT customer_id, SUM(CASE WHEN is_online THEN 1 ELSE 0 END) AS online FROM $payments GROUP BY customer_id;
-- deviations
SELECT customer_id, STDDEV_POP(fee) AS a, VAR_SAMP(amount) AS b, STDDEV_SAMP(amount_cents) AS c, VAR_POP(installments) AS d
FROM $payments GROUP BY customer_id;
-- collected
SELECT customer_id, COLLECT(status) AS a, LISTAGG(currency) AS b, LISTAGG(card_number, ';') AS c, ARRAY_AGG(fee) AS d
FROM $payments GROUP BY customer_id;
-- first and last
SELECT customer_id, FIRST_VALUE(card_number) AS a, LAST_VALUE(status) AS b FROM $payments GROUP BY customer_id;
-- HAVING
SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id HAVING COUNT(*) > 3;
-- an expression of aggregates
SELECT customer_id, SUM(amount) / COUNT(*) AS mean, MAX(fee) - MIN(fee) AS span FROM $payments GROUP BY customer_id;
-- grouped by an expression
SELECT UPPER(status) AS status, COUNT(*) AS n FROM $payments GROUP BY UPPER(status);
-- grouped by a day
SELECT CAST(event_time AS DATE) AS day_, COUNT(*) AS n FROM $payments GROUP BY CAST(event_time AS DATE);
-- grouped by a nullable column
SELECT card_number, COUNT(*) AS n FROM $payments GROUP BY card_number;
-- grouping sets
SELECT customer_id, currency, COUNT(*) AS n FROM $payments GROUP BY GROUPING SETS ((customer_id), (currency), ());
-- rollup
SELECT customer_id, currency, SUM(amount_cents) AS n FROM $payments GROUP BY ROLLUP (customer_id, currency);
-- cube
SELECT status, currency, COUNT(*) AS n FROM $payments GROUP BY CUBE (status, currency);
-- distinct
SELECT DISTINCT customer_id, currency FROM $payments;
-- distinct of a computed column
SELECT DISTINCT UPPER(status) AS status FROM $payments;
-- aggregate of updating rows
SELECT risk_band, COUNT(*) AS n FROM $customers GROUP BY risk_band;
-- aggregate of an aggregate
SELECT n, COUNT(*) AS customers FROM (SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id) GROUP BY n;
-- filter of an aggregate
SELECT customer_id, n FROM (SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id) WHERE n > 3;
-- grouped by the key of updating rows
SELECT customer_id, MAX(risk_band) AS band FROM $customers GROUP BY customer_id;
-- JSON aggregates
SELECT customer_id, JSON_OBJECTAGG(KEY payment_id VALUE status) AS a, JSON_ARRAYAGG(status) AS b
FROM $payments GROUP BY customer_id;
