SELECT r.c AS c, r.s AS s FROM (SELECT CAST(ROW(card, status) AS ROW<c STRING, s STRING>) AS r FROM $payments)
-----
c STRING <- model.payments.card identity
s STRING <- model.payments.status identity
append
features computed projection
