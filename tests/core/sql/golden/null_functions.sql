SELECT COALESCE(note, status) AS a, NULLIF(status, 'x') AS b, GREATEST(cents, 1) AS c, IFNULL(note, 'none') AS d FROM $payments
-----
a STRING NOT NULL <- model.payments.note transformation, model.payments.status transformation
b STRING <- model.payments.status transformation
c BIGINT NOT NULL <- model.payments.cents transformation
d STRING NOT NULL <- model.payments.note transformation
append
features computed projection
