-- What does each figure mean, from how many on is it given, and which definitions were replaced?
-- Que veut dire chaque chiffre, à partir de combien est-il donné, et quelles définitions ont été remplacées ?
select metric, version, is_current, title, unit, minimum_n, definition, replaced
from metric_definition
order by metric, version desc
