SET 'pipeline.name' = 'shop.big_orders';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `orders` (
  `id` STRING NOT NULL,
  `amount` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-big_orders',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'properties.isolation.level' = 'read_committed'
);

CREATE TEMPORARY TABLE `big_orders` (
  `id` STRING NOT NULL,
  `amount` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'big.orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'raw',
  'key.fields' = 'id',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'cdk-shop-big_orders',
  'properties.transaction.timeout.ms' = '900000'
);

INSERT INTO `big_orders` (`id`, `amount`)
SELECT id, amount FROM orders WHERE amount > 100
;
