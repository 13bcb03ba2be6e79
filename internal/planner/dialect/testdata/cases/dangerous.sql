--! Text that TiDB's parser alone would read with another meaning.
SELECT * FROM a FULL JOIN b ON a.x = b.x
SELECT 1 --comment
SELECT 5--1
SELECT 5 # 3
SELECT 1 /*! +1 */
SELECT 1 /*+ hint */
SELECT $1 + $2
SELECT E'\n', E'a\'b', 'a\n'
SELECT $$x$$, $tag$a$$b$tag$
SELECT a || b || c
SELECT a && b
SELECT a <=> b
SELECT a -> 'x' ->> 'y'
SELECT U&'\0041', U&'!0041' UESCAPE '!', U&"\0041"
SELECT 1e5, 1.0, .5, 5., 12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890
SELECT * FROM ONLY t
SELECT * FROM ONLY (t) AS x
SELECT session_user, current_role, user
SELECT a FROM t GROUP BY CUBE(a,b)
SELECT a IS UNKNOWN, a IS NOT UNKNOWN
DROP TABLE a CASCADE
SELECT a<b=c
SELECT "MixedCase", MixedCase
SELECT a::numeric, a::boolean, a::numeric(10), a::numeric(10,-2)
SELECT "a""b", "we`ird", '`', "pg$op", p1, "p1"
SELECT 1 AS "select", 2 AS from_, 3 select_
SELECT _utf8 'x'
SELECT a DIV b
SELECT a XOR b
SELECT a mod b
SELECT a REGEXP 'x'
SELECT !a, !!a, a ! b
SELECT @a, @@a, a @ b
SELECT a := b
SELECT "a" "b", 'a' 'b'
SELECT INTERVAL '1' DAY, INTERVAL '1 day' DAY TO SECOND(3), interval(3) '1 day', interval
SELECT date '2020-01-01' + interval '1' month
SELECT binary 'x'
SELECT a COLLATE "C" || b
SELECT if(a, b, c), ifnull(a, b), concat(a, b), date_add(a, b), count(a), count(*), group_concat(a), left(a, 1), char_length(a), database(), now()
SELECT straight_join FROM t
SELECT SQL_CALC_FOUND_ROWS FROM t
SELECT * FROM t LOCK IN SHARE MODE
SELECT * FROM dual
SELECT * FROM t LIMIT 1 OFFSET 2
SELECT 0x10
SELECT b'01', x'1F', B'', X''
SELECT N'abc'
SELECT ?
SELECT a ? 'x', a ?| b, a ?& b
SELECT 'a' LIKE 'b' || 'c'
SELECT `a`
SELECT * FROM t PARTITION (p0)
SELECT * FROM t USE INDEX (i)
SELECT * FROM t FORCE
