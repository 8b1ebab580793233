SET 'pipeline.name' = 'shop.fine.check';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `orders` (
  `id` BIGINT,
  `status` STRING,
  `at` TIMESTAMP_LTZ(3)
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
  'unique_key: id' AS `assertion`,
  'orders' AS `model`,
  JSON_OBJECT(KEY 'id' VALUE CAST(checked.`id` AS STRING) NULL ON NULL) AS `key`,
  JSON_OBJECT(KEY 'id' VALUE CAST(checked.`id` AS STRING), KEY 'times' VALUE CAST(checked.`times` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT `id`, COUNT(1) OVER (
  PARTITION BY `id` ORDER BY `arrival`
  RANGE BETWEEN INTERVAL '7 00:00:00.000' DAY TO SECOND(3) PRECEDING AND CURRENT ROW) AS `times`
  FROM (SELECT `id`, PROCTIME() AS `arrival` FROM `orders`)) AS checked
WHERE checked.`times` > 1
UNION ALL
SELECT
  'fine' AS `test`,
  'error_ratio' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'ratio' VALUE CAST(checked.`ratio` AS STRING), KEY 'rows' VALUE CAST(checked.`rows` AS STRING) NULL ON NULL) AS `values`,
  CAST(checked.`closed` AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT TUMBLE_END(`arrival`, INTERVAL '0 00:05:00.000' DAY TO SECOND(3)) AS `closed`, COUNT(1) AS `rows`,
  AVG(CASE WHEN status = 'FAILED'
 THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END) AS `ratio`
  FROM (SELECT `status`, `at`, PROCTIME() AS `arrival` FROM `orders`) AS checked
  GROUP BY TUMBLE(`arrival`, INTERVAL '0 00:05:00.000' DAY TO SECOND(3))) AS checked
WHERE ratio > 0.01
UNION ALL
SELECT
  'fine' AS `test`,
  'freshness' AS `assertion`,
  'orders' AS `model`,
  CAST(NULL AS STRING) AS `key`,
  JSON_OBJECT(KEY 'rows_before' VALUE CAST(checked.`rows` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT SESSION_END(`arrival`, INTERVAL '0 01:00:00.000' DAY TO SECOND(3)) AS `closed`, COUNT(1) AS `rows` FROM (SELECT PROCTIME() AS `arrival` FROM `orders`) AS checked GROUP BY SESSION(`arrival`, INTERVAL '0 01:00:00.000' DAY TO SECOND(3))) AS checked
WHERE checked.`rows` > 0
;
