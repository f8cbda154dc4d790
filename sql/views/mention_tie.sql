-- One row per mention: its author, the author of the post that it repeats, quotes or answers (NULL where it does not,
-- or that post is not known), and how often it was itself reposted at the last count. What `rayonner influence` reads.
select
    f.brand,
    f.author_number,
    o.author_key as carried_number,
    f.ownership,
    case when f.kind <> 'repost' then e.repost_count end as repost_count,
    f.night
from fct_mention as f
inner join raw.post as p on p.post_key = f.post_number
left join raw.post as o on o.post_key = coalesce(p.repost_of_key, p.quote_of_key, p.reply_to_key)
left join (select s.post_key, max(s.reposts) as repost_count from raw.engagement as s group by s.post_key) as e
    on e.post_key = f.post_number
where f.author_number is not null
