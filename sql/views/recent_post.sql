-- One row per recent post with an accepted mention: its text and link, where the source's terms allow them to be shown.
-- Text leaves this table seven days before it must be forgotten, because seven nights of this file are kept.
select t.post_key as post_number, t.source, t.text, t.url, t.expires_on
from raw.post_text as t
inner join (select distinct m.post_number from fct_mention as m) as f on f.post_number = t.post_key
