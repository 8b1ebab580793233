SET 'pipeline.name' = 'shop.fine.check';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `orders` (
  `status` STRING,
  `amount` DECIMAL(10, 2),
  `at` TIMESTAMP_LTZ(3),
  WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-fine-check',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY TABLE `fine.check` (
  `test` STRING,
  `assertion` STRING,
  `model` STRING,
  `key` STRING,
  `values` STRING,
  `at` TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.violations',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'raw',
  'key.fields' = 'test',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL'
);

INSERT INTO `fine.check` (`test`, `assertion`, `model`, `key`, `values`, `at`)
SELECT
  'fine' AS `test`,
  'error_ratio' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'ratio' VALUE CAST(checked.`ratio` AS STRING), KEY 'rows' VALUE CAST(checked.`rows` AS STRING) NULL ON NULL) AS `values`,
  CAST(checked.`closed` AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT TUMBLE_END(`at`, INTERVAL '0 00:10:00.000' DAY TO SECOND(3)) AS `closed`, COUNT(1) AS `rows`,
  AVG(CASE WHEN status = 'FAILED'
 THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END) AS `ratio`
  FROM `orders` AS checked
  GROUP BY TUMBLE(`at`, INTERVAL '0 00:10:00.000' DAY TO SECOND(3))) AS checked
WHERE ratio > 0.01
UNION ALL
SELECT
  'fine' AS `test`,
  'distribution: amount from 0 to 9' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'ratio' VALUE CAST(checked.`ratio` AS STRING), KEY 'rows' VALUE CAST(checked.`rows` AS STRING) NULL ON NULL) AS `values`,
  CAST(checked.`closed` AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT TUMBLE_END(`at`, INTERVAL '0 00:05:00.000' DAY TO SECOND(3)) AS `closed`, COUNT(1) AS `rows`,
  AVG(CASE WHEN checked.`amount` >= 0.0 AND checked.`amount` <= 9.0 THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END) AS `ratio`
  FROM `orders` AS checked
  GROUP BY TUMBLE(`at`, INTERVAL '0 00:05:00.000' DAY TO SECOND(3))) AS checked
WHERE ratio > 0.5
UNION ALL
SELECT
  'fine' AS `test`,
  'max_lag: at' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'newest' VALUE CAST(checked.`newest` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT TUMBLE_END(`arrival`, INTERVAL '60' SECOND) AS `closed`, MAX(CAST(checked.`at` AS TIMESTAMP_LTZ(3))) AS `newest`
  FROM (SELECT `at`, PROCTIME() AS `arrival` FROM `orders`) AS checked
  GROUP BY TUMBLE(`arrival`, INTERVAL '60' SECOND)) AS checked
WHERE checked.`newest` < CURRENT_TIMESTAMP - INTERVAL '0 00:05:00.000' DAY TO SECOND(3)
UNION ALL
SELECT
  'fine' AS `test`,
  'freshness' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'rows_before' VALUE CAST(checked.`rows` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT SESSION_END(`arrival`, INTERVAL '0 00:10:00.000' DAY TO SECOND(3)) AS `closed`, COUNT(1) AS `rows` FROM (SELECT PROCTIME() AS `arrival` FROM `orders`) AS checked GROUP BY SESSION(`arrival`, INTERVAL '0 00:10:00.000' DAY TO SECOND(3))) AS checked
WHERE checked.`rows` > 0
UNION ALL
SELECT
  'fine' AS `test`,
  'freshness: at' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'newest' VALUE CAST(checked.`newest` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT TUMBLE_END(`arrival`, INTERVAL '60' SECOND) AS `closed`, MAX(CAST(checked.`at` AS TIMESTAMP_LTZ(3))) AS `newest`
  FROM (SELECT `at`, PROCTIME() AS `arrival` FROM `orders`) AS checked
  GROUP BY TUMBLE(`arrival`, INTERVAL '60' SECOND)) AS checked
WHERE checked.`newest` < CURRENT_TIMESTAMP - INTERVAL '0 00:10:00.000' DAY TO SECOND(3)
;
