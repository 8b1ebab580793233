-- counts and sums by customer
SELECT customer_id, COUNT(*) AS n, SUM(amount_cents) AS total, AVG(amount_cents) AS mean, MIN(fee) AS low, MAX(event_time) AS last FROM $payments GROUP BY customer_id;

-- sums of each kind of number
SELECT status, SUM(installments) AS i, SUM(amount) AS d, SUM(fee) AS f, AVG(installments) AS ai, AVG(amount) AS ad, AVG(fee) AS af, COUNT(note) AS n FROM $payments GROUP BY status;

-- all rows together
SELECT COUNT(*) AS n, COUNT(DISTINCT customer_id) AS customers, SUM(amount_cents) AS total FROM $payments;

-- groups of groups
SELECT n, COUNT(*) AS customers FROM (SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id) GROUP BY n;

-- the greatest of groups that shrink
SELECT branch, MAX(balance) AS top, MIN(balance) AS low, COUNT(*) AS n, SUM(balance) AS total FROM $accounts GROUP BY branch;

-- changes as they are
SELECT account_id, balance, branch FROM $accounts WHERE balance > 100;

-- HAVING
SELECT customer_id, COUNT(*) AS n FROM $payments GROUP BY customer_id HAVING COUNT(*) > 3;

-- DISTINCT
SELECT DISTINCT customer_id, status FROM $payments;

-- GROUPING SETS
SELECT customer_id, status, COUNT(*) AS n FROM $payments GROUP BY GROUPING SETS ((customer_id, status), (customer_id), ());

-- ROLLUP
SELECT status, is_online, SUM(amount_cents) AS total FROM $payments GROUP BY ROLLUP (status, is_online);

-- first and last values
SELECT customer_id, FIRST_VALUE(payment_id) AS first_one, LAST_VALUE(status) AS last_status FROM $payments GROUP BY customer_id;

-- values in a list
SELECT customer_id, LISTAGG(payment_id, ';') AS ids, ARRAY_AGG(installments) AS parts FROM $payments GROUP BY customer_id;

-- group by an expression
SELECT amount_cents / 100 AS hundreds, COUNT(*) AS n FROM $payments GROUP BY amount_cents / 100;

-- the newest row of each customer
SELECT customer_id, payment_id, event_time FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY event_time DESC) AS rn FROM $payments) WHERE rn = 1;

-- the first row of each customer
SELECT customer_id, payment_id, event_time FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY event_time ASC) AS rn FROM $payments) WHERE rn = 1;

-- the two largest of each status
SELECT status, payment_id, amount_cents, rn FROM (SELECT status, payment_id, amount_cents, ROW_NUMBER() OVER (PARTITION BY status ORDER BY amount_cents DESC, payment_id) AS rn FROM $payments) WHERE rn <= 2;

-- the largest of groups
SELECT customer_id, total FROM (SELECT customer_id, total, ROW_NUMBER() OVER (ORDER BY total DESC, customer_id) AS rn FROM (SELECT customer_id, SUM(amount_cents) AS total FROM $payments GROUP BY customer_id)) WHERE rn <= 3;

-- the first five
SELECT payment_id, amount_cents FROM $payments ORDER BY amount_cents DESC, payment_id LIMIT 5;
