SELECT a.customer_id, b.customer_id AS other FROM $accounts AS a JOIN $accounts AS b ON a.customer_id = b.segment
-----
customer_id STRING NOT NULL <- source.accounts.customer_id identity
other STRING NOT NULL <- source.accounts.customer_id identity
join source.accounts.customer_id
join source.accounts.segment
retract
features projection regular_join
warning 1:86 CS434 the join with 'b' keeps all rows of both sides for ever
