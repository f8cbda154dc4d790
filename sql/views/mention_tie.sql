-- One row per mention and author it is tied to: whom it repeats, quotes, answers or addresses with @, each once and
-- never its own author; NULL where it is tied to nobody known. With how often it was itself reposted at the last
-- count. What `rayonner influence` reads. A handle is known where one author of a kept post bears it; one that two bore
-- is nobody's.
with

bearer as (
    select p.handle_key, max(p.author_key) as author_key
    from raw.post as p
    where p.handle_key is not null and p.author_key is not null
    group by p.handle_key
    having count(distinct p.author_key) = 1
),

tie as (
    select p.post_key, o.author_key
    from raw.post as p
    inner join raw.post as o on o.post_key = p.repost_of_key

    union

    select p.post_key, o.author_key
    from raw.post as p
    inner join raw.post as o on o.post_key = p.quote_of_key

    union

    select p.post_key, o.author_key
    from raw.post as p
    inner join raw.post as o on o.post_key = p.reply_to_key

    union

    select a.post_key, b.author_key
    from raw.addressed as a
    inner join bearer as b on b.handle_key = a.handle_key
)

select
    f.brand,
    f.post_number,
    f.author_number,
    t.author_key as carried_number,
    f.ownership,
    case when f.kind <> 'repost' then e.repost_count end as repost_count,
    f.night
from fct_mention as f
left join tie as t on t.post_key = f.post_number and t.author_key <> f.author_number
left join (select s.post_key, max(s.reposts) as repost_count from raw.engagement as s group by s.post_key) as e
    on e.post_key = f.post_number
where f.author_number is not null
