-- What the statements read.
CREATE TABLE payments (
  payment_id STRING NOT NULL,
  customer_id STRING NOT NULL,
  card_number STRING,
  amount_cents BIGINT NOT NULL,
  amount DECIMAL(10, 2),
  fee DOUBLE,
  currency STRING NOT NULL,
  status STRING NOT NULL,
  installments INT,
  is_online BOOLEAN,
  booked_on DATE,
  created_at TIMESTAMP(3),
  merchant ROW<id STRING, country STRING, mcc INT>,
  items ARRAY<ROW<sku STRING, qty INT, price DECIMAL(8, 2)>>,
  tags ARRAY<STRING>,
  labels MAP<STRING, STRING>,
  event_time TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'payments',
  'properties.bootstrap.servers' = 'localhost:1',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE refunds (
  refund_id STRING NOT NULL,
  payment_id STRING NOT NULL,
  amount_cents BIGINT NOT NULL,
  reason STRING,
  refunded_at TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR refunded_at AS refunded_at - INTERVAL '10' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'refunds',
  'properties.bootstrap.servers' = 'localhost:1',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE customers (
  customer_id STRING NOT NULL,
  national_id STRING,
  risk_band STRING NOT NULL,
  kyc_status STRING,
  updated_at TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR updated_at AS updated_at - INTERVAL '5' SECOND,
  PRIMARY KEY (customer_id) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'customers',
  'properties.bootstrap.servers' = 'localhost:1',
  'key.format' = 'raw',
  'value.format' = 'json'
);

CREATE TABLE accounts (
  account_id BIGINT NOT NULL,
  customer_id STRING,
  balance DECIMAL(18, 4),
  opened_on DATE,
  changed_at TIMESTAMP(3),
  PRIMARY KEY (account_id) NOT ENFORCED
) WITH (
  'connector' = 'kafka',
  'topic' = 'accounts',
  'properties.bootstrap.servers' = 'localhost:1',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'debezium-json'
);

CREATE TABLE rates (
  currency STRING NOT NULL,
  rate DECIMAL(12, 6) NOT NULL,
  quoted_at TIMESTAMP(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'rates',
  'properties.bootstrap.servers' = 'localhost:1',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE readings (
  device_id INT NOT NULL,
  tiny TINYINT,
  small SMALLINT,
  ratio FLOAT,
  code CHAR(4),
  label VARCHAR(20),
  payload BYTES,
  wide DECIMAL(38, 18),
  at_hour TIME(0),
  taken_at TIMESTAMP(3) NOT NULL,
  WATERMARK FOR taken_at AS taken_at - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'readings',
  'properties.bootstrap.servers' = 'localhost:1',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);
