SELECT JSON_VALUE(note, '$.a' RETURNING INT NULL ON EMPTY) AS a, JSON_OBJECT('id' VALUE payment_id, KEY 'n' VALUE note ABSENT ON NULL) AS b, JSON_QUERY(note, '$.b' WITH CONDITIONAL ARRAY WRAPPER) AS c, note IS JSON OBJECT AS d FROM $payments
-----
a INT <- model.payments.note transformation
b STRING NOT NULL <- model.payments.note transformation, model.payments.payment_id transformation
c STRING <- model.payments.note transformation
d BOOLEAN NOT NULL <- model.payments.note transformation
append
features computed projection
