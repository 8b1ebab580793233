SELECT `value` AS `order`, p.`value` + 1 AS v FROM $payments p
-----
order INT <- model.payments.value identity
v INT <- model.payments.value transformation
append
features computed projection
