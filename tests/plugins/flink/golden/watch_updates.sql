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
  'not_null: status' AS `assertion`,
  'orders' AS `model`,
  JSON_OBJECT(KEY 'id' VALUE CAST(checked.`id` AS STRING) NULL ON NULL) AS `key`,
  JSON_OBJECT(KEY 'status' VALUE CAST(checked.`status` AS STRING) NULL ON NULL) AS `values`,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(3)) AS `at`
FROM `orders` AS checked
WHERE checked.`status` IS NULL
;
