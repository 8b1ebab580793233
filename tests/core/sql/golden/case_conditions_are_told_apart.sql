SELECT CASE WHEN cents > 100 THEN status ELSE 'low' END AS band FROM $payments
-----
band STRING NOT NULL <- model.payments.cents conditional, model.payments.status transformation
append
features computed projection
