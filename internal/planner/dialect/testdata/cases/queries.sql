--! Queries.
SELECT
SELECT FROM t
SELECT *
SELECT ALL a FROM t
SELECT DISTINCT a, b FROM t
SELECT DISTINCT ON (a, b + 1) * FROM t
SELECT DISTINCT ON () a
SELECT t.*, s.t.*, (t).*, count(t.*) FROM t
SELECT a AS select, b AS "B", c d, e all, f like
SELECT a year
SELECT a AS year, a "year"
SELECT 1 WHERE true GROUP BY 1 HAVING true
SELECT a FROM t GROUP BY DISTINCT ROLLUP (a, (b, c)), CUBE (d), GROUPING SETS ((), a, (b, c), ROLLUP (e)), ()
SELECT sum(a) OVER w, sum(a) OVER (w ROWS 1 PRECEDING), sum(a) OVER (PARTITION BY b, c ORDER BY d DESC NULLS LAST, e USING <) FROM t WINDOW w AS (PARTITION BY a), x AS (w ORDER BY b RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES)
SELECT sum(a) OVER (ROWS UNBOUNDED FOLLOWING)
SELECT sum(a) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)
SELECT sum(a) OVER (ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW)
SELECT sum(DISTINCT a) FILTER (WHERE b > 1), count(*) FILTER (WHERE c), string_agg(a, ',' ORDER BY b, c DESC), f(ALL a)
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a DESC), mode() WITHIN GROUP (ORDER BY a) FILTER (WHERE b)
SELECT f(DISTINCT a) WITHIN GROUP (ORDER BY b)
SELECT f(a ORDER BY b) WITHIN GROUP (ORDER BY c)
SELECT f(), f(a => 1, b := 2), f(1, VARIADIC a), s.f(1), c.s.f(1), classifier(c1 => c1, c2 => c2)
SELECT (m(a, b)).probabilities, (m(a, b)).probabilities[1], (m(a)).*
SELECT f(VARIADIC a, b)
SELECT coalesce(a, b), nullif(a, b), greatest(a), least(a, b, c), grouping(a, b)
SELECT "coalesce"(a), pg_catalog.extract('a', b)
SELECT extract(year FROM a), extract('epoch' FROM a + b), extract("Day" FROM a), extract(foo FROM a)
SELECT extract(select FROM a)
SELECT substring(a FROM 1 FOR 2), substring(a FOR 2 FROM 1), substring(a FOR 2), substring(a FROM 1), substring(a, 1, 2), substring(a SIMILAR b ESCAPE c), substring(), substring(x => 1)
SELECT position(a || b IN c), overlay(a PLACING b FROM 1), overlay(a PLACING b FROM 1 FOR 2), overlay(a, b, 1)
SELECT trim(a), trim(FROM a), trim(both FROM a), trim(a FROM b), trim(leading a FROM b, c), trim(trailing a || b FROM c), trim(a, b)
SELECT normalize(a), normalize(a, nfkd), treat(a AS b)
SELECT xmlelement(name a)
SELECT current_date, current_time(3), current_timestamp, localtime(0), localtimestamp(6), current_catalog, current_schema, current_schema()
SELECT cast(a AS int), cast(a + b AS numeric(10, 2)[]), int '1', int4 '1', s.t 'x', numeric(3) '1', "char" 'x', char 'abc', bit '101', varchar(3) 'abc', timestamp with time zone 'now', time(3) without time zone '1:00', double precision '1', foo(3) 'x'
SELECT array[1, 2], array[[1, 2], [3]], array[]::int[], array(SELECT 1), a[1], a[1][2], a[1:2], (f(a))[1]
SELECT array[[1], 2]
SELECT row(), row(1), row(1, 2).a, (1, 2), (row(1)).*
SELECT exists (SELECT 1), (SELECT 1), ((SELECT 1)), ((SELECT 1) + 1), (((SELECT 1) UNION (SELECT 2))), (VALUES (1)), (TABLE t), (WITH x AS (SELECT 1) TABLE x)
SELECT a IN (SELECT 1), a IN ((SELECT 1)), a IN ((SELECT 1), 2), a IN ((SELECT 1) UNION SELECT 2), a = ANY ((SELECT b)), a = ALL (VALUES (1))
SELECT * FROM a, b, c
SELECT * FROM a JOIN b ON a.x = b.x JOIN c ON b.y = c.y, d LEFT OUTER JOIN e USING (f, g)
SELECT * FROM a JOIN b JOIN c ON b.y = c.y ON a.x = b.x
SELECT * FROM a JOIN b CROSS JOIN c ON a.x = b.x
SELECT * FROM a LEFT JOIN (b JOIN c ON true) ON true
SELECT * FROM (a JOIN b ON true) AS j
SELECT * FROM (a JOIN b ON true) AS j (x, y), ((c CROSS JOIN d)) k
SELECT * FROM ((a JOIN b ON true)) RIGHT JOIN c ON true FULL OUTER JOIN d ON true NATURAL LEFT JOIN e INNER JOIN f USING (x) AS y
SELECT * FROM a CROSS JOIN b ON true
SELECT * FROM a JOIN b
SELECT * FROM a NATURAL b
SELECT * FROM (a)
SELECT * FROM a LEFT b
SELECT * FROM (SELECT 1) x, (SELECT 2) AS y (a, b), LATERAL (SELECT 3) z, (VALUES (1, 2)) v, ((SELECT 1)) w
SELECT * FROM (SELECT 1)
SELECT * FROM (VALUES (1))
SELECT * FROM ((SELECT 1) UNION ALL (SELECT 2)) x
SELECT * FROM ((SELECT 1) x JOIN y ON true)
SELECT * FROM generate_series(1, 10) i, generate_series(1::int8, 10) AS g(i), LATERAL f(a) WITH ORDINALITY AS u (v, n), s.f(), ROWS FROM (f(1), g(2) AS (a int)) AS r (x, y), h() AS (a int, b text COLLATE "C"), k() AS l (a int), current_date, coalesce(a, b) c
SELECT * FROM t TABLESAMPLE SYSTEM (10, 1 + 1), u AS x TABLESAMPLE s.m (1) REPEATABLE (2)
SELECT * FROM ONLY t, ONLY (u), v *, s.t, c.s.t, t AS x (a, b), values, "select"
SELECT * FROM a.b.c.d
SELECT * FROM select
SELECT * FROM t AS
SELECT * FROM t x y
SELECT * FROM f() OVER ()
SELECT * FROM t ORDER BY a, b DESC, c ASC NULLS FIRST, d NULLS LAST, e USING >, f || g COLLATE "C" DESC
SELECT * FROM t LIMIT 1, 2
SELECT * FROM t LIMIT ALL
SELECT * FROM t OFFSET 1 ROWS FETCH NEXT ROW ONLY
SELECT * FROM t FETCH FIRST 1 + 1 ROWS ONLY
SELECT * FROM t FETCH FIRST (1 + 1) ROWS ONLY OFFSET 1
SELECT * FROM t LIMIT 1 LIMIT 2
SELECT * FROM t ORDER BY a ORDER BY b
SELECT * FROM t OFFSET 1 LIMIT 2 FOR UPDATE OF t, s.u NOWAIT FOR SHARE
SELECT * FROM t FOR READ ONLY
(SELECT 1)
((SELECT 1))
(SELECT 1 LIMIT 1) ORDER BY 1
(SELECT 1 ORDER BY 1) LIMIT 1
(SELECT 1 ORDER BY 1) ORDER BY 2
(SELECT 1 LIMIT 1) LIMIT 2
(WITH x AS (SELECT 1) SELECT 2) ORDER BY 1
WITH x AS (SELECT 1) (WITH y AS (SELECT 2) SELECT 3)
SELECT 1 UNION SELECT 2 UNION ALL SELECT 3
SELECT 1 UNION (SELECT 2 UNION ALL SELECT 3)
SELECT 1 INTERSECT SELECT 2 UNION SELECT 3 INTERSECT SELECT 4
SELECT 1 EXCEPT ALL SELECT 2 EXCEPT DISTINCT SELECT 3
(SELECT 1 LIMIT 1) UNION (SELECT 2 ORDER BY 1) ORDER BY 1 LIMIT 2 OFFSET 3
VALUES (1), (2) UNION SELECT 3
VALUES (1, 'a'), (2, 'b') ORDER BY 1 LIMIT 1
(VALUES (1)) UNION TABLE t
TABLE t
TABLE ONLY t ORDER BY a
VALUES
VALUES (1), 2
SELECT 1 UNION
SELECT 1 UNION FROM
WITH a AS (SELECT 1), b (x, y) AS MATERIALIZED (VALUES (1, 2)), c AS NOT MATERIALIZED (TABLE a) SELECT * FROM a, b, c
WITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT * FROM r LIMIT 10
WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a
WITH a AS (SELECT 1) SEARCH DEPTH FIRST BY x SET y SELECT 1
WITH a (SELECT 1) SELECT 2
SELECT * FROM t WHERE
SELECT * FROM t WHERE a = $1 AND b = $2::int4 LIMIT $3
SELECT $0, $99999999999
SELECT 'ü' || größe, "Ü" FROM t WHERE ä = = 1
SELECT 'ü', x y z
SELECT CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END, CASE WHEN a THEN CASE WHEN b THEN 1 END END
