SELECT HASH_CARD(card) AS h, UPPER(HASH_CARD(card)) AS u, SHA256(card) AS s, HASH_CARD(card) || card AS mixed FROM $payments
-----
h STRING <- model.payments.card mask ceiling internal
u STRING <- model.payments.card mask ceiling internal
s CHAR(64) NOT NULL <- model.payments.card transformation
mixed STRING <- model.payments.card transformation ceiling internal
append
features computed projection udf
calls HASH_CARD
