SELECT p.payment_id, SCORE(p.*, c.*) AS score FROM $payments p JOIN $customers c ON p.customer_id = c.customer_id
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
score DOUBLE <- model.customers.band transformation, model.customers.customer_id transformation, model.customers.email transformation, model.customers.updated_at transformation, model.payments.address transformation, model.payments.card transformation, model.payments.cents transformation, model.payments.customer_id transformation, model.payments.event_time transformation, model.payments.items transformation, model.payments.labels transformation, model.payments.note transformation, model.payments.payment_id transformation, model.payments.price transformation, model.payments.status transformation, model.payments.value transformation
join model.customers.customer_id
join model.payments.customer_id
append
features computed projection regular_join udf
calls SCORE
writes p.payment_id, p.customer_id, p.card, p.cents, p.price, p.status, p.note, p.event_time, p.items, p.address, p.labels, p.`value`
writes c.customer_id, c.band, c.email, c.updated_at
note 1:28 CS431 'p.*' in SCORE is written out as 12 columns: Flink refuses '*' there
note 1:33 CS431 'c.*' in SCORE is written out as 4 columns: Flink refuses '*' there
warning 1:81 CS434 the join with 'c' keeps all rows of both sides for ever
