-- What comes to mind with this place more than with the others?
-- Qu'associe-t-on à ce lieu plus qu'aux autres ?
select brand, tag_kind, tag, pmi, n, author_count
from concept_map
order by brand, pmi desc
