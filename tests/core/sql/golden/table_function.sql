SELECT p.payment_id, w.word FROM $payments p LEFT JOIN LATERAL TABLE(WORDS(p.note)) AS w (word, size) ON TRUE
-----
payment_id STRING NOT NULL <- model.payments.payment_id identity
word STRING <- model.payments.note transformation
join model.payments.note
append
features projection table_function udf
calls WORDS
