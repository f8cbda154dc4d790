-- One row per brand, dimension, part, grain and period that has at least one mention: every sum the metrics use.
-- kind: incremental
-- twin: by month
-- key: grain, period
-- fan: 44
select
    s.*,
    cast(a.author_count as bigint) as author_count,
    cast(a.mention_square as bigint) as mention_square,
    cast(a.scored_author_count as bigint) as scored_author_count,
    cast(a.count_square as bigint) as count_square,
    cast(a.sign_square as bigint) as sign_square,
    cast(a.sign_count as bigint) as sign_count,
    cast(coalesce(a.sign_within, 0) as bigint) as sign_within,
    cast(coalesce(a.negative_within, 0) as bigint) as negative_within,
    cast(a.tone_author_count as bigint) as tone_author_count,
    cast(a.tone_count_square as bigint) as tone_count_square,
    cast(a.tone_sign_square as bigint) as tone_sign_square,
    cast(a.tone_sign_count as bigint) as tone_sign_count,
    cast(coalesce(a.tone_within, 0) as bigint) as tone_within,
    cast(a.engaged_d1_author_count as bigint) as engaged_d1_author_count,
    cast(a.engaged_d7_author_count as bigint) as engaged_d7_author_count,
    cast(a.engaged_d28_author_count as bigint) as engaged_d28_author_count,
    cast(a.engaged_latest_author_count as bigint) as engaged_latest_author_count,
    cast(a.shareable_author_count as bigint) as shareable_author_count,
    cast(a.rated_view_author_count as bigint) as rated_view_author_count,
    cast(a.rated_follower_author_count as bigint) as rated_follower_author_count,
    cast(a.observed_author_count as bigint) as observed_author_count,
    cast(a.reached_author_count as bigint) as reached_author_count,
    cast(a.followed_author_count as bigint) as followed_author_count
from period_sum as s
inner join agg_author as a
    on a.brand = s.brand and a.dimension = s.dimension and a.part = s.part and a.grain = s.grain and a.period = s.period
