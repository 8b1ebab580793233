SELECT a.customer_id, a.segment, c.band FROM $accounts a JOIN $customers c ON a.customer_id = c.customer_id
-----
customer_id STRING NOT NULL <- source.accounts.customer_id identity
segment STRING <- source.accounts.segment identity
band STRING <- model.customers.band identity
join model.customers.customer_id
join source.accounts.customer_id
retract
features projection regular_join
warning 1:78 CS434 the join with 'c' keeps all rows of both sides for ever
