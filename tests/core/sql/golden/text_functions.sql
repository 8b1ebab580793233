SELECT TRIM(BOTH 'x' FROM note) AS a, SUBSTRING(status FROM 2 FOR 3) AS b, POSITION('a' IN status) AS c, OVERLAY(status PLACING 'x' FROM 1) AS d, LEFT(card, 4) AS e FROM $payments
-----
a STRING <- model.payments.note transformation
b STRING <- model.payments.status transformation
c INT NOT NULL <- model.payments.status transformation
d STRING NOT NULL <- model.payments.status transformation
e STRING <- model.payments.card transformation
append
features computed projection
