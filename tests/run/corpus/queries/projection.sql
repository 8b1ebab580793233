-- a filter and a few columns
SELECT payment_id, amount_cents, event_time FROM $payments WHERE status IN ('AUTHORIZED', 'CAPTURED') AND amount_cents > 500;

-- arithmetic of integers
SELECT payment_id, amount_cents / 7 AS a, amount_cents % 7 AS b, -amount_cents / 3 AS c, amount_cents * 2 - 5 AS d, installments + 1 AS e, installments / 2 AS f, CAST(amount_cents * 100000 AS INT) AS g FROM $payments;

-- arithmetic of decimals
SELECT payment_id, amount * 2 AS a, amount / 3 AS b, amount + 1 AS c, amount - amount_cents AS d, amount * amount AS e, CAST(amount AS DECIMAL(6, 1)) AS f, amount / amount_cents AS g FROM $payments WHERE amount_cents <> 0;

-- arithmetic of doubles
SELECT payment_id, fee * 2 AS a, fee / 3 AS b, fee + amount_cents AS c, ABS(fee - 1.5) AS d, ROUND(fee, 1) AS e, FLOOR(fee) AS f, CEIL(fee) AS g, POWER(fee, 2) AS h FROM $payments;

-- casts to text
SELECT payment_id, CAST(amount_cents AS STRING) AS a, CAST(amount AS STRING) AS b, CAST(fee AS STRING) AS c, CAST(is_online AS STRING) AS d, CAST(event_time AS STRING) AS e, CAST(booked_on AS STRING) AS f FROM $payments;

-- casts from text
SELECT payment_id, TRY_CAST(note AS INT) AS a, TRY_CAST(note AS DOUBLE) AS b, TRY_CAST(note AS DECIMAL(8, 2)) AS c, TRY_CAST(note AS BOOLEAN) AS d, TRY_CAST(note AS DATE) AS e FROM $payments;

-- casts of numbers
SELECT payment_id, CAST(fee AS INT) AS a, CAST(fee AS BIGINT) AS b, CAST(amount AS INT) AS c, CAST(amount_cents AS DOUBLE) AS d, CAST(fee AS DECIMAL(8, 3)) AS e, CAST(installments AS BOOLEAN) AS f, CAST(amount_cents AS SMALLINT) AS g FROM $payments;

-- NULL in conditions
SELECT payment_id, note IS NULL AS a, (note = 'x') IS NOT TRUE AS b, NOT (installments > 2) AS c, installments > 2 OR is_online AS d, installments > 2 AND is_online AS e, note IN ('12', 'x', NULL) AS f, COALESCE(note, status, 'none') AS g, note IS DISTINCT FROM status AS h, NULLIF(status, 'CAPTURED') AS i FROM $payments;

-- CASE and its like
SELECT payment_id, CASE WHEN amount_cents > 900 THEN 'big' WHEN amount_cents > 300 THEN 'middle' ELSE 'small' END AS size, CASE status WHEN 'AUTHORIZED' THEN 1 WHEN 'CAPTURED' THEN 2 END AS code, IF(is_online, fee, 0.0) AS fee, GREATEST(installments, 2) AS g, LEAST(amount_cents, 400) AS l, IFNULL(note, '-') AS n FROM $payments;

-- texts
SELECT payment_id, UPPER(note) AS a, CHAR_LENGTH(note) AS b, SUBSTRING(status, 2, 3) AS c, SUBSTRING(status FROM -3) AS d, CONCAT(status, '/', note) AS e, CONCAT_WS('-', status, note, 'z') AS f, status || ':' || note AS g, TRIM(note) AS h, REPLACE(status, 'A', 'aa') AS i, LPAD(note, 4, '*') AS j, RPAD(note, 4, '.') AS k, POSITION('T' IN status) AS l, REVERSE(status) AS m, INITCAP(status) AS n, LEFT(status, 2) AS o, RIGHT(status, 2) AS p, SPLIT_INDEX(payment_id, '-', 1) AS q FROM $payments;

-- digests and patterns
SELECT payment_id, MD5(payment_id) AS a, SHA256(note) AS b, REGEXP_EXTRACT(payment_id, '([a-z]+)-(\d+)', 2) AS c, REGEXP_REPLACE(status, '[AEIOU]', '_') AS d, status LIKE 'A%' AS e, note LIKE '1_' AS f, status NOT LIKE '%ED' AS g, TO_BASE64(status) AS h, REGEXP(payment_id, '^p-[0-4]') AS i FROM $payments;

-- times
SELECT payment_id, EXTRACT(HOUR FROM event_time) AS a, YEAR(booked_on) AS b, DAYOFWEEK(booked_on) AS c, FLOOR(event_time TO MINUTE) AS d, CEIL(event_time TO HOUR) AS e, TIMESTAMPDIFF(SECOND, event_time, TIMESTAMP '2026-01-05 12:00:00') AS f, TIMESTAMPADD(DAY, 3, booked_on) AS g, event_time + INTERVAL '90' SECOND AS h, DATE_FORMAT(event_time, 'yyyy-MM-dd HH:mm') AS i, booked_on - INTERVAL '1' MONTH AS j, TIMESTAMPDIFF(MONTH, booked_on, DATE '2026-03-01') AS k, QUARTER(booked_on) AS l FROM $payments;

-- times from numbers and texts
SELECT user_id, TO_TIMESTAMP('2026-01-02 03:04:05') AS a, TO_DATE('2026-02-03') AS b, TO_TIMESTAMP_LTZ(1767225600000, 3) AS c, UNIX_TIMESTAMP('2026-01-01 00:00:00') AS d, CAST(seen_at AS TIMESTAMP(3)) AS e, CAST(seen_at AS STRING) AS f, TO_TIMESTAMP('junk') AS g FROM $clicks;

-- arrays and rows
SELECT payment_id, tags[1] AS a, CARDINALITY(tags) AS b, merchant.country AS c, ARRAY_CONTAINS(tags, 'red') AS d, ROW(status, installments) AS e, ARRAY[amount_cents, 1] AS f, MAP['k', status] AS g, ARRAY_DISTINCT(tags) AS h FROM $payments;

-- JSON in texts
SELECT payment_id, JSON_VALUE('{"a": {"b": 5}, "c": [1, 2]}', '$.a.b') AS a, JSON_VALUE('{"a": 5}', '$.a' RETURNING INT) AS b, JSON_QUERY('{"a": {"b": 5}}', '$.a') AS c, JSON_EXISTS('{"a": null}', '$.a') AS d, JSON_VALUE(note, '$.x') AS e FROM $payments;

-- items of arrays as rows
SELECT p.payment_id, t.tag FROM $payments AS p CROSS JOIN UNNEST(p.tags) AS t (tag) WHERE p.amount_cents > 200;

-- items of arrays, or none
SELECT p.payment_id, t.tag FROM $payments AS p LEFT JOIN UNNEST(p.tags) AS t (tag) ON TRUE;
