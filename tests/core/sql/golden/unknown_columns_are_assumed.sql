SELECT u.id, u.secret, status FROM $unknown u JOIN $payments p ON u.id = p.payment_id
-----
id STRING <- source.unknown.id identity
secret ? <- source.unknown.secret identity (assumed)
status STRING <- model.payments.status identity, source.unknown.status identity (assumed)
join model.payments.payment_id
join source.unknown.id
append
features projection regular_join
warning 1:67 CS434 the join with 'p' keeps all rows of both sides for ever
