-- UNION ALL
SELECT payment_id, amount_cents FROM $payments UNION ALL SELECT payment_id, -amount_cents FROM $refunds;
-- UNION ALL with times
SELECT payment_id, event_time FROM $payments UNION ALL SELECT payment_id, refunded_at FROM $refunds;
-- UNION ALL that widens
SELECT installments AS n, status AS s FROM $payments UNION ALL SELECT amount_cents, reason FROM $refunds;
-- UNION ALL of decimals and whole numbers
SELECT amount AS n FROM $payments UNION ALL SELECT amount_cents FROM $refunds;
-- UNION ALL of doubles and decimals
SELECT fee AS n FROM $payments UNION ALL SELECT rate FROM $rates;
-- UNION ALL of literals
SELECT payment_id, 'payment' AS kind FROM $payments UNION ALL SELECT refund_id, 'refund' FROM $refunds;
-- UNION ALL of append and update
SELECT customer_id FROM $payments UNION ALL SELECT customer_id FROM $customers;
-- UNION ALL of three
SELECT payment_id FROM $payments UNION ALL SELECT refund_id FROM $refunds UNION ALL SELECT currency FROM $rates;
-- UNION
SELECT payment_id FROM $payments UNION SELECT payment_id FROM $refunds;
-- UNION of two columns
SELECT payment_id, amount_cents FROM $payments UNION SELECT payment_id, amount_cents FROM $refunds;
-- INTERSECT
SELECT payment_id FROM $payments INTERSECT SELECT payment_id FROM $refunds;
-- INTERSECT ALL
SELECT payment_id FROM $payments INTERSECT ALL SELECT payment_id FROM $refunds;
-- EXCEPT
SELECT payment_id FROM $payments EXCEPT SELECT payment_id FROM $refunds;
-- EXCEPT ALL
SELECT payment_id FROM $payments EXCEPT ALL SELECT payment_id FROM $refunds;
-- VALUES
SELECT a, b FROM (VALUES (1, 'x'), (2, 'yy')) AS v (a, b);
-- VALUES of mixed types
SELECT a, b FROM (VALUES (1, 1.5), (3000000000, 2)) AS v (a, b);
-- a union in parentheses
SELECT payment_id FROM (SELECT payment_id FROM $payments UNION ALL SELECT payment_id FROM $refunds) WHERE payment_id <> '';
-- the aggregate of a union
SELECT payment_id, COUNT(*) AS n FROM (
  SELECT payment_id FROM $payments UNION ALL SELECT payment_id FROM $refunds) GROUP BY payment_id;
