-- One row per source that has posts, a ledger or terms: what its terms allow. Without terms, nothing is shown;
-- figures are added, as no terms forbid it.
-- kind: table
with

seen as (
    select distinct p.source from stg_post as p
    union
    select distinct l.source from stg_ledger as l
    union
    select s.source from raw.source as s
)

select
    s.source,
    coalesce(t.show_text, false) as is_text_shown,
    coalesce(t.show_link, false) as is_link_shown,
    coalesce(t.combine_engagement, true) as is_combinable
from seen as s
left join raw.source as t on t.source = s.source
