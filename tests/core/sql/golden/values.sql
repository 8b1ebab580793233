SELECT v.name, v.n + 1 AS m FROM (VALUES ('a', 1), ('bc', 2)) AS v (name, n)
-----
name VARCHAR(2) NOT NULL
m INT NOT NULL
append
features computed projection
