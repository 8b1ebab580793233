-- a pattern with measures
SELECT customer_id, first_id, n FROM $payments MATCH_RECOGNIZE (
  PARTITION BY customer_id ORDER BY event_time
  MEASURES FIRST(A.payment_id) AS first_id, COUNT(A.payment_id) AS n
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A+ B) DEFINE A AS A.amount_cents < 100, B AS B.amount_cents > 1000) AS m;
-- a pattern with its time
SELECT * FROM $payments MATCH_RECOGNIZE (
  PARTITION BY customer_id ORDER BY event_time
  MEASURES MATCH_ROWTIME() AS matched_at, LAST(B.amount) AS amount, B.status AS status
  PATTERN (A B) DEFINE A AS A.status = 'REFUSED', B AS B.status = 'CAPTURED') AS m;
-- a pattern within a time
SELECT m.customer_id, m.total FROM $payments MATCH_RECOGNIZE (
  PARTITION BY customer_id ORDER BY event_time
  MEASURES SUM(A.amount_cents) AS total
  ONE ROW PER MATCH PATTERN (A{3} B) WITHIN INTERVAL '1' HOUR
  DEFINE A AS TRUE, B AS B.amount_cents > 2 * A.amount_cents) AS m;
-- a pattern without a partition
SELECT started, ended FROM $payments MATCH_RECOGNIZE (
  ORDER BY event_time MEASURES A.event_time AS started, LAST(B.event_time) AS ended
  PATTERN (A B+? C) DEFINE B AS B.fee > A.fee, C AS C.fee < 1) AS m;
-- a window of matches
WITH found AS (
  SELECT * FROM $payments MATCH_RECOGNIZE (
    PARTITION BY customer_id ORDER BY event_time MEASURES MATCH_ROWTIME() AS t
    PATTERN (A B) DEFINE A AS A.status = 'REFUSED', B AS B.status = 'REFUSED'))
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE found, DESCRIPTOR(t), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;
