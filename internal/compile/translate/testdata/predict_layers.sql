-- A network with hidden layers; an array result.
select id, probabilities[1], label from (select id, (network(c1, c2, c3, c4)).label, (network(c1, c2, c3, c4)).probabilities from data) t
where label = 2
