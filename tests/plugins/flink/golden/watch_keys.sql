SET 'pipeline.name' = 'shop.fine.check';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `orders` (
  `id` BIGINT,
  `customer` STRING,
  `status` STRING,
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

CREATE TEMPORARY TABLE `customers` (
  `id` STRING,
  `seen` TIMESTAMP_LTZ(3),
  WATERMARK FOR `seen` AS `seen` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'customers',
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
  PARTITION BY `id` ORDER BY `at`
  RANGE BETWEEN INTERVAL '0 00:15:00.000' DAY TO SECOND(3) PRECEDING AND CURRENT ROW) AS `times`
  FROM `orders`) AS checked
WHERE checked.`times` > 1
UNION ALL
SELECT
  'fine' AS `test`,
  'unique_key: customer, status' AS `assertion`,
  'orders' AS `model`,
  JSON_OBJECT(KEY 'id' VALUE CAST(checked.`id` AS STRING) NULL ON NULL) AS `key`,
  JSON_OBJECT(KEY 'customer' VALUE CAST(checked.`customer` AS STRING), KEY 'status' VALUE CAST(checked.`status` AS STRING), KEY 'times' VALUE CAST(checked.`times` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM (SELECT `customer`, `status`, `id`, COUNT(1) OVER (
  PARTITION BY `customer`, `status` ORDER BY `at`
  RANGE BETWEEN INTERVAL '7 00:00:00.000' DAY TO SECOND(3) PRECEDING AND CURRENT ROW) AS `times`
  FROM `orders`) AS checked
WHERE checked.`times` > 1
UNION ALL
SELECT
  'fine' AS `test`,
  'foreign_key: customer' AS `assertion`,
  'orders' AS `model`,
  JSON_OBJECT(KEY 'id' VALUE CAST(checked.`id` AS STRING) NULL ON NULL) AS `key`,
  JSON_OBJECT(KEY 'customer' VALUE CAST(checked.`customer` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM `orders` AS checked
LEFT JOIN `customers` AS referred
  ON checked.`customer` = referred.`id` AND referred.`seen` BETWEEN checked.`at` - INTERVAL '0 01:00:00.000' DAY TO SECOND(3) AND checked.`at` + INTERVAL '0 01:00:00.000' DAY TO SECOND(3)
WHERE referred.`id` IS NULL AND checked.`customer` IS NOT NULL
;
