SET 'pipeline.name' = 'shop.orders_now';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `orders` (
  `id` BIGINT NOT NULL,
  `value` DECIMAL(10, 2),
  `at` TIMESTAMP(3),
  PRIMARY KEY (`id`) NOT ENFORCED
) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-orders_now',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'debezium-json',
  'value.debezium-json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY TABLE `rates stored` (
  `currency` STRING NOT NULL,
  `day` DATE NOT NULL,
  `rate` DOUBLE,
  `event_time` TIMESTAMP_LTZ(6),
  `event_time seen` AS CAST(`event_time` AS TIMESTAMP_LTZ(3)),
  WATERMARK FOR `event_time seen` AS `event_time seen` - INTERVAL '0 01:00:00.250' DAY TO SECOND(3),
  PRIMARY KEY (`currency`, `day`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'rates',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-orders_now',
  'key.format' = 'json',
  'key.json.timestamp-format.standard' = 'ISO-8601',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY VIEW `rates` AS SELECT
  `currency`,
  `day`,
  `rate`,
  `event_time seen` AS `event_time`
FROM `rates stored`;

CREATE TEMPORARY TABLE `orders_now` (
  `id` BIGINT NOT NULL,
  `amount` DOUBLE,
  PRIMARY KEY (`id`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'orders.now',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'key.json.timestamp-format.standard' = 'ISO-8601',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL'
);

INSERT INTO `orders_now` (`id`, `amount`)
SELECT id, CAST(`value` AS DOUBLE) / r.rate AS amount
FROM orders, rates r -- all of it
ON CONFLICT DO DEDUPLICATE
;
