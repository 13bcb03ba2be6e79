-- Predicates over dictionary-coded text are computed once a string.
select count(*) from lineitem
where l_shipmode in ('MAIL', 'SHIP') and l_shipinstruct like '%BACK%' and upper(l_returnflag) <> 'R' and l_comment like '%special%requests%'
