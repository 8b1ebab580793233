SELECT price * 2 AS a, price / 3 AS b, price + cents AS c, ROUND(price, 1) AS d, price % 2 AS e, CAST(price AS DOUBLE) AS f FROM $payments
-----
a DECIMAL(21, 2) <- model.payments.price transformation
b DECIMAL(21, 13) <- model.payments.price transformation
c DECIMAL(22, 2) <- model.payments.cents transformation, model.payments.price transformation
d DECIMAL(10, 1) <- model.payments.price transformation
e DECIMAL(10, 2) <- model.payments.price transformation
f DOUBLE <- model.payments.price transformation
append
features computed projection
