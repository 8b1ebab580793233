SELECT EXTRACT(DAY FROM event_time) AS a, TIMESTAMPDIFF(MINUTE, event_time, CURRENT_TIMESTAMP) AS b, FLOOR(event_time TO HOUR) AS c, DATE '2020-01-01' AS d, event_time + INTERVAL '1' DAY AS e FROM $payments
-----
a BIGINT NOT NULL <- model.payments.event_time transformation
b INT NOT NULL <- model.payments.event_time transformation
c TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time transformation
d DATE NOT NULL
e TIMESTAMP_LTZ(3) NOT NULL <- model.payments.event_time transformation
append
features computed projection
