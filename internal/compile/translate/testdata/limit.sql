-- LIMIT at the top is the executor's; below other operators it is a pipeline breaker.
select count(*) from (select l_orderkey from lineitem limit 100) x limit 1
