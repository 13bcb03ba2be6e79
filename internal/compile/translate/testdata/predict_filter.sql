-- A model in a condition, its arguments bound by name.
select count(*) from data where classifier(c1 => c1, c2 => c2, c3 => c3, c4 => c4) = 2 and c1 > 5.0
