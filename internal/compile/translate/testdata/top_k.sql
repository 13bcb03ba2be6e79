-- ORDER BY with LIMIT keeps so many rows.
select o_orderkey, o_totalprice * 2 from orders order by o_totalprice desc, o_orderkey limit 10 offset 5
