-- a scalar function
SELECT payment_id, SCORE(amount_cents, currency) AS score FROM $payments;
-- a scalar function in a condition
SELECT payment_id FROM $payments WHERE SCORE(amount_cents) > 0.5;
-- a scalar function of an aggregate
SELECT customer_id, SCORE(COUNT(*)) AS score FROM $payments GROUP BY customer_id;
-- a function that gives text
SELECT CASE WHEN LABEL_OF(status) = 'x' THEN LABEL_OF(currency) ELSE 'none' END AS label FROM $payments;
-- an aggregate function
SELECT customer_id, MIDDLE(amount_cents) AS middle FROM $payments GROUP BY customer_id;
-- an aggregate function in a window
SELECT window_start, window_end, MIDDLE(fee) AS middle
FROM TABLE(TUMBLE(TABLE $payments, DESCRIPTOR(event_time), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end;
-- a table function
SELECT p.payment_id, w.word, w.size FROM $payments AS p, LATERAL TABLE(WORDS(card_number)) AS w (word, size);
-- a table function with its own names
SELECT payment_id, word, size FROM $payments, LATERAL TABLE(WORDS(status));
-- a table function in a left join
SELECT p.payment_id, w.word, p.event_time FROM $payments AS p
LEFT JOIN LATERAL TABLE(WORDS(p.status)) AS w (word, size) ON TRUE;
