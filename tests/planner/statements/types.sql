-- whole numbers
SELECT amount_cents + 1 AS a, amount_cents * 2 AS b, amount_cents - installments AS c,
  amount_cents / 100 AS d, amount_cents % 10 AS e, -installments AS f FROM $payments;
-- small whole numbers
SELECT tiny + tiny AS a, tiny + small AS b, small * device_id AS c, tiny / 2 AS d, small % 2 AS e,
  tiny + 1 AS f FROM $readings;
-- floats
SELECT fee * 2 AS a, fee / installments AS b, fee + amount AS c, amount_cents * fee AS d FROM $payments;
-- single precision
SELECT ratio * 2 AS a, ratio + device_id AS b, ratio / 2.0 AS c, ratio * wide AS d, -ratio AS e FROM $readings;
-- decimals added
SELECT amount + amount AS a, amount + 1 AS b, amount - 0.125 AS c, amount + amount_cents AS d FROM $payments;
-- decimals multiplied
SELECT amount * amount AS a, amount * 2 AS b, amount * 1.5 AS c, amount * amount_cents AS d FROM $payments;
-- decimals divided
SELECT amount / 3 AS a, amount / amount AS b, amount / amount_cents AS c, amount / 100.0 AS d,
  amount_cents / 100.0 AS e FROM $payments;
-- decimals of the greatest size
SELECT wide + wide AS a, wide * wide AS b, wide / 3 AS c, wide + 1 AS d FROM $readings;
-- MOD, ABS and SIGN
SELECT MOD(amount_cents, 10) AS a, ABS(amount) AS b, ABS(fee) AS c, SIGN(amount) AS d,
  ABS(installments) AS e, MOD(installments, 7) AS f FROM $payments;
-- rounding
SELECT ROUND(amount, 1) AS a, ROUND(fee, 2) AS b, FLOOR(amount) AS c, CEIL(fee) AS d,
  ROUND(amount) AS e, TRUNCATE(amount, 1) AS f, CEIL(amount_cents) AS g FROM $payments;
-- mathematics
SELECT SQRT(fee) AS a, POWER(amount_cents, 2) AS b, LN(fee) AS c, LOG10(amount) AS d, EXP(1) AS e,
  RAND() AS f, PI() AS g FROM $payments;
-- casts of numbers
SELECT CAST(amount AS DOUBLE) AS a, CAST(fee AS DECIMAL(10, 3)) AS b, CAST(amount_cents AS INT) AS c,
  CAST(fee AS BIGINT) AS d, CAST(1 AS SMALLINT) AS e FROM $payments;
-- casts to text
SELECT CAST(amount_cents AS STRING) AS a, CAST(fee AS VARCHAR(10)) AS b, CAST(status AS CHAR(3)) AS c,
  CAST(event_time AS STRING) AS d FROM $payments;
-- casts of text
SELECT CAST(card_number AS BIGINT) AS a, CAST(status AS INT) AS b, CAST(card_number AS DATE) AS c,
  CAST(status AS BOOLEAN) AS d, CAST(status AS TIMESTAMP(3)) AS e FROM $payments;
-- TRY_CAST
SELECT TRY_CAST(status AS INT) AS a, TRY_CAST(amount_cents AS STRING) AS b FROM $payments;
-- casts between times
SELECT CAST(event_time AS DATE) AS a, CAST(created_at AS DATE) AS b, CAST(booked_on AS TIMESTAMP(3)) AS c,
  CAST(event_time AS TIMESTAMP(3)) AS d, CAST(created_at AS TIMESTAMP_LTZ(3)) AS e FROM $payments;
-- a cast to its own type
SELECT CAST(event_time AS TIMESTAMP_LTZ(3)) AS event_time, CAST(status AS STRING) AS status FROM $payments;
-- typed NULL
SELECT CAST(NULL AS STRING) AS a, CAST(NULL AS BIGINT) AS b FROM $payments;
-- intervals added
SELECT event_time + INTERVAL '1' DAY AS a, created_at - INTERVAL '5' MINUTE AS b,
  booked_on + INTERVAL '1' MONTH AS c, event_time - INTERVAL '1' HOUR AS d FROM $payments;
-- parts of times
SELECT EXTRACT(YEAR FROM booked_on) AS a, EXTRACT(HOUR FROM event_time) AS b, YEAR(booked_on) AS c,
  MONTH(created_at) AS d, DAYOFWEEK(booked_on) AS e, HOUR(created_at) AS f FROM $payments;
-- times cut off
SELECT FLOOR(event_time TO HOUR) AS a, CEIL(created_at TO DAY) AS b, FLOOR(booked_on TO MONTH) AS c FROM $payments;
-- differences of times
SELECT TIMESTAMPDIFF(SECOND, created_at, TIMESTAMP '2026-01-01 00:00:00') AS a,
  TIMESTAMPADD(DAY, 1, created_at) AS b, TIMESTAMPDIFF(DAY, booked_on, DATE '2026-01-01') AS c FROM $payments;
-- times as text
SELECT DATE_FORMAT(created_at, 'yyyy-MM-dd') AS a, DATE_FORMAT(event_time, 'HH') AS b,
  TO_DATE(card_number) AS c, TO_TIMESTAMP(card_number) AS d, TO_TIMESTAMP(status, 'yyyy') AS e FROM $payments;
-- epochs
SELECT TO_TIMESTAMP_LTZ(amount_cents, 3) AS a, TO_TIMESTAMP_LTZ(installments, 0) AS b,
  UNIX_TIMESTAMP(card_number) AS c, FROM_UNIXTIME(amount_cents) AS d FROM $payments;
-- now
SELECT CURRENT_TIMESTAMP AS a, LOCALTIMESTAMP AS b, CURRENT_DATE AS c, NOW() AS d, CURRENT_TIME AS e,
  CURRENT_ROW_TIMESTAMP() AS f, PROCTIME() AS g FROM $refunds;
-- the watermark
SELECT CURRENT_WATERMARK(event_time) AS w FROM $payments;
-- fixed and bounded texts
SELECT code, label, UPPER(code) AS a, code || label AS b, label || 'x' AS c, SUBSTRING(label, 1, 2) AS d,
  COALESCE(code, 'none') AS e, COALESCE(label, code) AS f FROM $readings;
-- texts of several kinds
SELECT CASE WHEN tiny > 1 THEN code ELSE label END AS a, CASE WHEN tiny > 1 THEN label ELSE 'longer than that' END AS b,
  NULLIF(code, 'x') AS c FROM $readings;
-- bytes
SELECT payload, CHAR_LENGTH(label) AS a, CAST(label AS BYTES) AS b, DECODE(payload, 'UTF-8') AS c, MD5(label) AS d
FROM $readings;
-- time of day
SELECT at_hour, CAST(at_hour AS STRING) AS a, EXTRACT(HOUR FROM at_hour) AS b FROM $readings;
-- numbers compared and combined
SELECT COALESCE(tiny, small) AS a, COALESCE(small, device_id) AS b, COALESCE(ratio, 1) AS c,
  COALESCE(wide, 1) AS d, GREATEST(tiny, small) AS e FROM $readings;
-- BIGINT against decimals
SELECT CASE WHEN is_online THEN amount_cents ELSE amount END AS a, COALESCE(amount, amount_cents) AS b,
  COALESCE(fee, amount_cents) AS c FROM $payments;
-- logic with three values
SELECT is_online AND TRUE AS a, is_online OR amount_cents > 1 AS b, NOT is_online AS c,
  is_online IS NOT FALSE AS d, is_online IS UNKNOWN AS e FROM $payments;
-- a time attribute beside a function of it
SELECT event_time, event_time + INTERVAL '1' SECOND AS later FROM $payments;
-- a time attribute twice
SELECT event_time AS a, event_time AS b FROM $payments;
