SELECT CASE status WHEN 'A' THEN 1 WHEN 'B' THEN 2 END AS n, IF(cents > 1, card, note) AS c FROM $payments
-----
n INT <- model.payments.status conditional
c STRING <- model.payments.card transformation, model.payments.cents conditional, model.payments.note transformation
append
features computed projection
