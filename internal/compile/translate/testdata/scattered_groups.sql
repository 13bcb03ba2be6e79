-- Some dozens of groups: rows are scattered to an array.
select p_size, count(*), max(p_retailprice) from part group by p_size
