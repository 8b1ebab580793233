SET 'pipeline.name' = 'shop.fraud_events';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY SYSTEM FUNCTION `FRAUD_SCORE` AS 'com.acme.FraudScore' LANGUAGE JAVA USING JAR 's3://acme/fraud-udf-1.4.jar';

CREATE TEMPORARY TABLE `card_payments_clean` (
  `payment_id` STRING NOT NULL,
  `customer_id` STRING NOT NULL,
  `amount_cents` BIGINT NOT NULL,
  `event_time` TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR `event_time` AS `event_time` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'card_payments_clean',
  'properties.bootstrap.servers' = 'gateway:6969',
  'properties.group.id' = 'cdk-shop-fraud_events',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY TABLE `customers_cdc stored` (
  `customer_id` STRING NOT NULL,
  `risk_band` STRING NOT NULL,
  `updated_at` TIMESTAMP(3) NOT NULL,
  `updated_at seen` AS CAST(`updated_at` AS TIMESTAMP_LTZ(3)),
  WATERMARK FOR `updated_at seen` AS `updated_at seen` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'customers.cdc',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-fraud_events',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://registry:8081',
  'value.avro-confluent.schema' = '{"type":"record","name":"record","fields":[{"name":"customer_id","type":"string"},{"name":"risk_band","type":{"type":"enum","name":"crm.RiskBand","symbols":["LOW","MEDIUM","HIGH"]}},{"name":"updated_at","type":{"type":"long","logicalType":"timestamp-millis"}}]}',
  'scan.watermark.idle-timeout' = '60000 ms'
);

CREATE TEMPORARY VIEW `customers_cdc` AS SELECT
  `customer_id`,
  `risk_band`,
  `updated_at seen` AS `updated_at`
FROM `customers_cdc stored`;

CREATE TEMPORARY TABLE `fraud_events` (
  `payment_id` STRING NOT NULL,
  `amount_cents` BIGINT NOT NULL,
  `risk_score` DOUBLE,
  `event_time` TIMESTAMP_LTZ(3) NOT NULL
) WITH (
  'connector' = 'kafka',
  'topic' = 'fraud.events',
  'properties.bootstrap.servers' = 'kafka:9092',
  'key.format' = 'raw',
  'key.fields' = 'payment_id',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601',
  'value.fields-include' = 'ALL'
);

INSERT INTO `fraud_events` (`payment_id`, `amount_cents`, `risk_score`, `event_time`)
SELECT
  p.payment_id,
  p.amount_cents,
  FRAUD_SCORE(p.amount_cents, c.risk_band) AS risk_score,
  p.event_time
FROM card_payments_clean p
JOIN customers_cdc c
  ON p.customer_id = c.customer_id
  AND p.event_time BETWEEN c.updated_at - INTERVAL '30' DAY AND c.updated_at
;
