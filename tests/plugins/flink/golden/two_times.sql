SET 'pipeline.name' = 'shop.sent';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `orders` (
  `id` STRING NOT NULL,
  `ordered_at` TIMESTAMP_LTZ(3) NOT NULL,
  `lines` ARRAY<ROW<`value` INT>>,
  WATERMARK FOR `ordered_at` AS `ordered_at` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-sent',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY TABLE `parcels` (
  `id` STRING NOT NULL,
  `sent_at` TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR `sent_at` AS `sent_at` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'parcels',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-sent',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY TABLE `sent` (
  `id` STRING NOT NULL,
  `ordered_at` TIMESTAMP_LTZ(3) NOT NULL,
  `sent_at` TIMESTAMP_LTZ(3) NOT NULL,
  `lines` ARRAY<ROW<`value` INT>>
) WITH (
  'connector' = 'kafka',
  'topic' = 'sent',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'raw',
  'key.fields' = 'id',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL'
);

INSERT INTO `sent` (`id`, `ordered_at`, `sent_at`, `lines`) SELECT `id`, CAST(`ordered_at` AS TIMESTAMP_LTZ(3)) AS `ordered_at`, `sent_at`, `lines` FROM (
SELECT o.id, o.ordered_at, p.sent_at, o.lines
FROM orders o JOIN parcels p
  ON o.id = p.id
  AND p.sent_at BETWEEN o.ordered_at AND o.ordered_at + INTERVAL '1' DAY -- at once
)
;
