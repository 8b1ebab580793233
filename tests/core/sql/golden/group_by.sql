SELECT status, COUNT(*) AS n, COUNT(DISTINCT card) AS cards, SUM(cents) AS s, MIN(note) AS m, LISTAGG(note) AS l, AVG(price) AS av FROM $payments GROUP BY status HAVING COUNT(*) > 3
-----
status STRING NOT NULL <- model.payments.status identity
n BIGINT NOT NULL
cards BIGINT NOT NULL <- model.payments.card count
s BIGINT NOT NULL <- model.payments.cents aggregation
m STRING <- model.payments.note aggregation
l STRING <- model.payments.note aggregation
av DECIMAL(38, 6) <- model.payments.price aggregation
group_by model.payments.status
upsert by status
features computed filter group_by projection
