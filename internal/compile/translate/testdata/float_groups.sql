-- Sums of floats are added in the order of the morsels.
select real_class, sum(c1), avg(c2) from data group by real_class
