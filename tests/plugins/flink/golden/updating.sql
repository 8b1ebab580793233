SET 'pipeline.name' = 'shop.spend';
SET 'execution.checkpointing.interval' = '10 s';
SET 'parallelism.default' = '4';
SET 'table.exec.state.ttl' = '2592000000 ms';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `payments` (
  `customer_id` STRING NOT NULL,
  `amount` BIGINT,
  `event_time` TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR `event_time` AS `event_time` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'payments',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-spend',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY TABLE `spend` (
  `customer_id` STRING NOT NULL,
  `currency` STRING NOT NULL,
  `total` BIGINT,
  PRIMARY KEY (`customer_id`, `currency`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'spend',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'json',
  'key.json.timestamp-format.standard' = 'ISO-8601',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL'
);

INSERT INTO `spend` (`customer_id`, `currency`, `total`)
SELECT customer_id, 'EUR' AS currency, SUM(amount) AS total
FROM payments GROUP BY customer_id
;
