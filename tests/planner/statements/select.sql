-- columns as they are
SELECT payment_id, customer_id, amount, event_time FROM $payments;
-- star
SELECT * FROM $refunds;
-- star of an alias beside a column
SELECT r.*, r.amount_cents AS again FROM $refunds AS r;
-- star of a table with a key
SELECT * FROM $customers;
-- columns under other names
SELECT payment_id AS id, event_time AS happened_at FROM $payments;
-- names that are quoted
SELECT payment_id AS `at`, status AS `value` FROM $payments;
-- filter by equality
SELECT payment_id, status FROM $payments WHERE status = 'CAPTURED';
-- filter by IN
SELECT payment_id FROM $payments WHERE status IN ('AUTHORIZED', 'CAPTURED');
-- filter by BETWEEN and LIKE
SELECT payment_id FROM $payments WHERE amount_cents BETWEEN 1 AND 100 AND card_number LIKE '4%';
-- filter that makes a column certain
SELECT card_number, fee FROM $payments WHERE card_number IS NOT NULL AND fee > 1;
-- filter by OR and NOT
SELECT payment_id FROM $payments WHERE NOT (is_online OR amount_cents < 5);
-- literals
SELECT 1 AS i, 1.5 AS d, 1e0 AS e, 'text' AS s, TRUE AS b, '' AS nothing FROM $refunds;
-- long literal
SELECT 3000000000 AS big, -1 AS negative FROM $refunds;
-- dates and times as literals
SELECT DATE '2026-01-01' AS d, TIME '12:00:00' AS t, TIMESTAMP '2026-01-01 00:00:00' AS ts,
  TIMESTAMP '2026-01-01 00:00:00.123' AS fine FROM $refunds;
-- CASE with ELSE
SELECT CASE WHEN amount_cents > 100 THEN 'LARGE' WHEN amount_cents > 10 THEN 'MID' ELSE 'S' END AS size
FROM $payments;
-- CASE without ELSE
SELECT CASE status WHEN 'CAPTURED' THEN 1 WHEN 'REFUSED' THEN 2 END AS code FROM $payments;
-- CASE of mixed numbers
SELECT CASE WHEN is_online THEN amount_cents ELSE 0 END AS a,
  CASE WHEN is_online THEN amount ELSE 0 END AS b,
  CASE WHEN is_online THEN fee ELSE 1 END AS c FROM $payments;
-- CASE of texts of several lengths over a nullable condition
SELECT CASE WHEN fee > 0.9 THEN 'BLOCK' WHEN fee > 0.7 THEN 'REVIEW' ELSE 'ALLOW' END AS decision
FROM $payments;
-- CASE that gives a column or NULL
SELECT CASE WHEN is_online THEN card_number ELSE NULL END AS card FROM $payments;
-- IF
SELECT IF(is_online, 'web', 'store') AS channel, IF(is_online, 1, 2) AS n FROM $payments;
-- COALESCE
SELECT COALESCE(card_number, 'none') AS card, COALESCE(fee, 0.0) AS fee, COALESCE(amount, 0) AS amount
FROM $payments;
-- COALESCE of two nullable columns
SELECT COALESCE(card_number, customer_id) AS who, COALESCE(amount, fee) AS much FROM $payments;
-- NULLIF and IFNULL
SELECT NULLIF(status, 'NONE') AS status, IFNULL(installments, 1) AS n FROM $payments;
-- GREATEST and LEAST
SELECT GREATEST(amount_cents, 10) AS g, LEAST(installments, 3) AS l FROM $payments;
-- tests of NULL and truth
SELECT fee IS NULL AS a, fee IS NOT NULL AS b, is_online IS TRUE AS c, is_online AS d FROM $payments;
-- comparisons
SELECT amount_cents > 5 AS a, fee <= 2 AS b, status <> 'X' AS c, installments = 3 AND is_online AS d
FROM $payments;
-- IS DISTINCT FROM
SELECT card_number IS DISTINCT FROM status AS differs FROM $payments;
-- IN as a column
SELECT status IN ('A', 'B') AS known, card_number IN ('1', '2') AS listed FROM $payments;
-- LIKE, SIMILAR and BETWEEN as columns
SELECT card_number LIKE '4%' AS visa, status SIMILAR TO '[A-Z]+' AS upper_case,
  fee BETWEEN 0 AND 1 AS small FROM $payments;
-- text functions
SELECT UPPER(status) AS a, LOWER(card_number) AS b, TRIM(card_number) AS c, LTRIM(status) AS d,
  RTRIM(status) AS e FROM $payments;
-- parts of texts
SELECT SUBSTRING(card_number, 1, 6) AS a, SUBSTRING(status FROM 2 FOR 3) AS b, LEFT(status, 2) AS c,
  RIGHT(card_number, 4) AS d, SUBSTR(status, 2) AS e FROM $payments;
-- joined texts
SELECT status || '-' || currency AS a, CONCAT(card_number, 'x') AS b, CONCAT_WS('-', status, currency) AS c,
  card_number || status AS d FROM $payments;
-- lengths and places
SELECT CHAR_LENGTH(status) AS a, CHARACTER_LENGTH(card_number) AS b, POSITION('X' IN status) AS c,
  LOCATE('X', card_number) AS d, INSTR(status, 'X') AS e, ASCII(status) AS f FROM $payments;
-- replaced texts
SELECT REPLACE(card_number, '-', '') AS a, REGEXP_REPLACE(status, '[0-9]', '') AS b,
  REGEXP_EXTRACT(card_number, '(.*)', 1) AS c, OVERLAY(status PLACING 'x' FROM 2 FOR 1) AS d,
  TRANSLATE(status, 'a', 'b') AS e FROM $payments;
-- padded and repeated texts
SELECT LPAD(card_number, 16, '*') AS a, RPAD(status, 10, ' ') AS b, REPEAT('*', 12) AS c,
  REVERSE(status) AS d, INITCAP(status) AS e, SPLIT_INDEX(card_number, '-', 0) AS f FROM $payments;
-- digests
SELECT MD5(card_number) AS a, SHA256(customer_id) AS b, SHA1(card_number) AS c, SHA512(status) AS d,
  SHA2(customer_id, 256) AS e FROM $payments;
-- encodings
SELECT TO_BASE64(status) AS a, FROM_BASE64(card_number) AS b, HEX(status) AS c,
  ENCODE(status, 'UTF-8') AS d, URL_ENCODE(card_number) AS e FROM $payments;
-- regular expressions
SELECT REGEXP(card_number, '^4') AS a, REGEXP_COUNT(status, 'A') AS b FROM $payments;
-- JSON
SELECT JSON_VALUE(card_number, '$.a') AS a, JSON_VALUE(status, '$.b' RETURNING INT) AS b,
  JSON_QUERY(status, '$.c') AS c, JSON_EXISTS(card_number, '$.d') AS d, status IS JSON AS e FROM $payments;
-- JSON made
SELECT JSON_OBJECT('id' VALUE payment_id, 'fee' VALUE fee) AS o, JSON_ARRAY(status, currency) AS a,
  JSON_STRING(status) AS s FROM $payments;
-- PARSE_URL and UUID
SELECT PARSE_URL(card_number, 'HOST') AS h, UUID() AS u FROM $payments;
-- hints are kept
SELECT /*+ STATE_TTL('p' = '1d') */ p.payment_id FROM $payments AS p;
-- comments anywhere
SELECT payment_id -- the id
  , /* the state */ status FROM $payments;
-- updating rows are passed on
SELECT customer_id, risk_band FROM $customers WHERE risk_band <> 'LOW';
-- updating rows without their key
SELECT risk_band, updated_at FROM $customers;
-- a changelog with before and after
SELECT account_id, balance FROM $accounts WHERE balance > 0;
-- the key is computed
SELECT UPPER(customer_id) AS customer_id, risk_band FROM $customers;
-- the key twice
SELECT customer_id, customer_id AS again FROM $customers;
