SET 'pipeline.name' = 'shop.mixed';
SET 'execution.checkpointing.interval' = '60 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE `readings` (
  `a` INT NOT NULL,
  `b` STRING,
  `at` TIMESTAMP_LTZ(6)
) WITH (
  'connector' = 'kafka',
  'topic' = 'readings',
  'properties.bootstrap.servers' = 'lab:9092',
  'properties.sasl.password' = '${env:P}',
  'properties.security.protocol' = 'SASL_SSL',
  'properties.group.id' = 'cdk-shop-mixed',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'avro',
  'value.avro.timestamp_mapping.legacy' = 'false'
);

CREATE TEMPORARY TABLE `devices` (
  `id` STRING NOT NULL
) WITH (
  'connector' = 'kafka',
  'topic' = 'devices',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-mixed',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'protobuf',
  'value.protobuf.message-class-name' = 'com.acme.Device'
);

CREATE TEMPORARY TABLE `lines` (
  `line` STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'lines',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'cdk-shop-mixed',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'raw'
);

CREATE TEMPORARY TABLE `mixed` (
  `a` INT NOT NULL
) WITH (
  'connector' = 'kafka',
  'topic' = 'mixed',
  'properties.bootstrap.servers' = 'kafka:9092',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
);

INSERT INTO `mixed` (`a`)
SELECT a FROM readings UNION ALL SELECT 1 FROM devices UNION ALL SELECT 2 FROM lines
;
