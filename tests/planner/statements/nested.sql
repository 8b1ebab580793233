-- fields of a row
SELECT merchant.id AS merchant_id, merchant.country AS country, p.merchant.mcc AS mcc FROM $payments AS p;
-- a whole row and its fields
SELECT merchant, merchant.id FROM $payments;
-- all fields of a row
SELECT p.merchant.* FROM $payments AS p;
-- an element of an array
SELECT tags[1] AS first_tag, items[1].sku AS sku, items[1] AS item FROM $payments;
-- an element of a map
SELECT labels['team'] AS team FROM $payments;
-- sizes
SELECT CARDINALITY(tags) AS a, CARDINALITY(labels) AS b, ELEMENT(tags) AS c FROM $payments;
-- arrays made
SELECT ARRAY[1, 2, 3] AS a, ARRAY[status, currency] AS b, ARRAY[card_number] AS c FROM $payments;
-- maps made
SELECT MAP['a', 1, 'b', 2] AS a, MAP['id', payment_id] AS b FROM $payments;
-- rows made
SELECT ROW(payment_id, amount) AS a, (status, currency) AS b FROM $payments;
-- rows made and cast
SELECT CAST(ROW(payment_id, fee) AS ROW<id STRING, fee DOUBLE>) AS r FROM $payments;
-- array functions
SELECT ARRAY_CONTAINS(tags, 'vip') AS a, ARRAY_DISTINCT(tags) AS b, ARRAY_JOIN(tags, ',') AS c,
  ARRAY_CONCAT(tags, ARRAY['x']) AS d, ARRAY_POSITION(tags, 'x') AS e, ARRAY_REMOVE(tags, 'x') AS f,
  ARRAY_REVERSE(tags) AS g, ARRAY_APPEND(tags, 'x') AS h, ARRAY_SLICE(tags, 1, 2) AS i FROM $payments;
-- map functions
SELECT MAP_KEYS(labels) AS a, MAP_VALUES(labels) AS b, MAP_ENTRIES(labels) AS c FROM $payments;
-- a text split into an array
SELECT SPLIT(card_number, '-') AS parts, STR_TO_MAP(status) AS m FROM $payments;
-- unnested array of texts
SELECT p.payment_id, t.tag FROM $payments AS p CROSS JOIN UNNEST(p.tags) AS t (tag);
-- unnested array of rows
SELECT p.payment_id, i.sku, i.qty, i.price FROM $payments AS p CROSS JOIN UNNEST(p.items) AS i (sku, qty, price);
-- unnested by a comma
SELECT payment_id, tag FROM $payments, UNNEST(tags) AS t (tag);
-- unnested map
SELECT p.payment_id, l.k, l.v FROM $payments AS p CROSS JOIN UNNEST(p.labels) AS l (k, v);
-- unnested with the time attribute
SELECT p.event_time, i.sku, i.qty * i.price AS total FROM $payments AS p
CROSS JOIN UNNEST(p.items) AS i (sku, qty, price);
-- unnested with a left join
SELECT p.payment_id, t.tag FROM $payments AS p LEFT JOIN UNNEST(p.tags) AS t (tag) ON TRUE;
-- nested field in a condition
SELECT payment_id FROM $payments WHERE merchant.country = 'FR' AND merchant.mcc IN (1, 2);
-- grouped by a nested field
SELECT merchant.country AS country, COUNT(*) AS n FROM $payments GROUP BY merchant.country;
