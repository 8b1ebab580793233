SELECT p.address.city AS city, address.zip, items[1].sku AS sku, labels['x'] AS l, ROW(cents, card) AS r, ARRAY[status, note] AS a, MAP['k', cents] AS m FROM $payments p
-----
city STRING <- model.payments.address transformation
zip STRING <- model.payments.address transformation
sku STRING <- model.payments.items transformation
l STRING <- model.payments.labels transformation
r ROW<`EXPR$0` BIGINT NOT NULL, `EXPR$1` STRING NOT NULL> NOT NULL <- model.payments.card transformation, model.payments.cents transformation
a ARRAY<STRING> NOT NULL <- model.payments.note transformation, model.payments.status transformation
m MAP<CHAR(1), BIGINT> NOT NULL <- model.payments.cents transformation
append
features computed projection
