-- ORDER BY: keys of several types, NULLs first.
select c_name, c_acctbal, c_mktsegment from customer where c_acctbal < 0
order by c_mktsegment desc, c_acctbal nulls first, c_comment desc nulls last
