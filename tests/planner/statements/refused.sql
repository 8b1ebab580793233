-- unknown column
SELECT nope FROM $payments;
-- column in the wrong case
SELECT PAYMENT_ID FROM $payments;
-- ambiguous column
SELECT payment_id FROM $payments AS p JOIN $refunds AS r ON p.payment_id = r.payment_id;
-- unknown alias
SELECT x.payment_id FROM $payments AS p;
-- unknown field of a row
SELECT merchant.nope FROM $payments;
-- unknown function
SELECT NOPE(payment_id) FROM $payments;
-- star in a call
SELECT COALESCE(p.*) FROM $payments AS p;
-- column that is not grouped
SELECT customer_id, status, COUNT(*) AS n FROM $payments GROUP BY customer_id;
-- aggregate in WHERE
SELECT payment_id FROM $payments WHERE COUNT(*) > 1;
-- aggregate of an aggregate
SELECT SUM(COUNT(*)) FROM $payments GROUP BY customer_id;
-- window over a column that is no time attribute
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(created_at), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end;
-- group window over a column that is no time attribute
SELECT COUNT(*) AS n FROM $payments GROUP BY TUMBLE(created_at, INTERVAL '5' MINUTE);
-- window over a number
SELECT COUNT(*) AS n FROM $payments GROUP BY TUMBLE(amount_cents, INTERVAL '5' MINUTE);
-- hop with a slide that does not divide the size
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(HOP(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '2' MINUTE, INTERVAL '5' MINUTE))
GROUP BY window_start, window_end;
-- ORDER BY a column that is no time
SELECT payment_id FROM $payments ORDER BY amount;
-- RANK
SELECT customer_id, payment_id FROM (
  SELECT *, RANK() OVER (PARTITION BY customer_id ORDER BY amount_cents DESC) AS n FROM $payments) WHERE n <= 3;
-- NULL without a type
SELECT NULL AS n FROM $refunds;
-- PREV in a pattern
SELECT id FROM $payments MATCH_RECOGNIZE (
  ORDER BY event_time MEASURES A.payment_id AS id PATTERN (A B) DEFINE B AS B.fee > PREV(B.fee)) AS m;
-- a function of other databases
SELECT OCTET_LENGTH(status) AS n FROM $payments;
-- OVER of updating rows
SELECT COUNT(*) OVER (PARTITION BY risk_band ORDER BY updated_at) AS n FROM $customers;
-- interval join with updating rows
SELECT p.payment_id FROM $payments AS p JOIN $customers AS c
  ON p.customer_id = c.customer_id AND p.event_time BETWEEN c.updated_at AND c.updated_at + INTERVAL '1' DAY;
-- temporal join without a key
SELECT p.payment_id FROM $payments AS p
JOIN $refunds FOR SYSTEM_TIME AS OF p.event_time AS r ON p.payment_id = r.payment_id;
-- temporal join by a column that is not the key
SELECT p.payment_id FROM $payments AS p
JOIN $customers FOR SYSTEM_TIME AS OF p.event_time AS c ON p.card_number = c.national_id;
-- temporal join of a time that is no attribute
SELECT p.payment_id FROM $payments AS p
JOIN $customers FOR SYSTEM_TIME AS OF p.created_at AS c ON p.customer_id = c.customer_id;
-- number of columns of a union
SELECT payment_id, amount_cents FROM $payments UNION ALL SELECT payment_id FROM $refunds;
-- types of a union
SELECT is_online FROM $payments UNION ALL SELECT payment_id FROM $refunds;
-- text minus an interval
SELECT status - INTERVAL '1' DAY AS x FROM $payments;
-- sum of a text
SELECT SUM(status) AS x FROM $payments;
-- text plus a number
SELECT is_online + 1 AS x FROM $payments;
-- a reserved word as a name
SELECT payment_id AS at FROM $payments;
-- a comma too many
SELECT payment_id, FROM $payments;
-- a parenthesis that stays open
SELECT (payment_id FROM $payments;
-- two statements of WHERE
SELECT payment_id FROM $payments WHERE status = 'a' WHERE status = 'b';
-- a number where a condition must be
SELECT payment_id FROM $payments WHERE amount_cents;
-- CASE of types that do not fit
SELECT CASE WHEN is_online THEN 1 ELSE tags END AS x FROM $payments;
-- a map read as an array
SELECT labels[1] AS x FROM $payments;
-- an array read as a row
SELECT tags.first_ AS x FROM $payments;
-- USING a column that one side lacks
SELECT refund_id FROM $payments JOIN $refunds USING (refund_id);
-- pattern with an undefined order
SELECT * FROM $payments MATCH_RECOGNIZE (
  PARTITION BY customer_id ORDER BY amount_cents MEASURES A.payment_id AS id PATTERN (A) DEFINE A AS TRUE) AS m;
-- two columns of the same name in a query that is read by that name
SELECT payment_id FROM (SELECT payment_id, status AS payment_id FROM $payments);
-- wrong number of arguments
SELECT SUBSTRING(status) AS x FROM $payments;
-- a scalar subquery of two columns
SELECT (SELECT currency, rate FROM $rates) AS x FROM $payments;
-- window columns without a window
SELECT window_start, COUNT(*) AS n FROM $payments GROUP BY window_start;
