-- A table of segments in two layouts has a stage for each.
select a, y * 2 from u where a between 10 and 20 and y > 5
