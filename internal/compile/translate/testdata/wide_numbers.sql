-- Arithmetic that leaves 64 bits, and numerics of any scale.
select sum(l_extendedprice * l_extendedprice * l_quantity * l_tax), max(l_extendedprice / l_quantity), sum(l_orderkey * l_partkey) from lineitem
