SET 'pipeline.name' = 'shop.spend_5m';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `payments_clean` (
  `customer_id` STRING NOT NULL,
  `cents` BIGINT NOT NULL,
  `event_time` TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR `event_time` AS `event_time` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'payments_clean',
  'properties.bootstrap.servers' = 'gateway:6969',
  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="cdk-shop-spend_5m" password="${env:PASSWORD_OF_CDK_SHOP_SPEND_5M}";',
  'properties.sasl.mechanism' = 'PLAIN',
  'properties.security.protocol' = 'SASL_SSL',
  'properties.group.id' = 'cdk-shop-spend_5m',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'scan.watermark.idle-timeout' = '30000 ms'
);

CREATE TEMPORARY TABLE `spend_5m` (
  `customer_id` STRING NOT NULL,
  `window_end` TIMESTAMP(3) NOT NULL,
  `cents` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'spend.5m',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="cdk-shop-spend_5m" password="${env:PASSWORD_OF_CDK_SHOP_SPEND_5M}";',
  'properties.sasl.mechanism' = 'PLAIN',
  'properties.security.protocol' = 'SASL_SSL',
  'key.format' = 'raw',
  'key.fields' = 'customer_id',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL'
);

INSERT INTO `spend_5m` (`customer_id`, `window_end`, `cents`)
SELECT customer_id, window_end, SUM(cents) AS cents
FROM TABLE(TUMBLE(TABLE `payments_clean`, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY customer_id, window_start, window_end
;
