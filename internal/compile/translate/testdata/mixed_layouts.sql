-- A table of segments in two layouts has a stage for each.
select y, x from u where a between 10 and 20 and x like 'a%'
