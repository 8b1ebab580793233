SELECT * FROM $payments MATCH_RECOGNIZE (
  PARTITION BY customer_id ORDER BY event_time
  MEASURES A.cents AS first_cents, LAST(B.cents) AS last_cents, MATCH_ROWTIME() AS matched_at
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+ C) WITHIN INTERVAL '1' HOUR
  DEFINE B AS B.cents > A.cents, C AS C.status = 'X') AS m
-----
customer_id STRING NOT NULL <- model.payments.customer_id identity
first_cents BIGINT NOT NULL <- model.payments.cents identity
last_cents BIGINT NOT NULL <- model.payments.cents transformation
matched_at TIMESTAMP(3) NOT NULL <- model.payments.event_time transformation
match model.payments.cents
group_by model.payments.customer_id
sort model.payments.event_time
match model.payments.status
append, time matched_at
features match_recognize
