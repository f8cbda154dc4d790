-- One row per brand, dimension, part, grain and period to be replaced: everything that adds up over its nights.
-- kind: temp table
select
    p.brand,
    p.dimension,
    p.part,
    b.grain,
    b.period,
    cast(sum(p.mention_count) as bigint) as mention_count,
    cast(sum(p.original_count) as bigint) as original_count,
    cast(sum(p.owned_count) as bigint) as owned_count,
    cast(sum(p.partner_count) as bigint) as partner_count,
    cast(sum(p.by_name_count) as bigint) as by_name_count,
    cast(sum(p.scored_count) as bigint) as scored_count,
    cast(sum(p.positive_count) as bigint) as positive_count,
    cast(sum(p.negative_count) as bigint) as negative_count,
    cast(sum(p.not_about_count) as bigint) as not_about_count,
    cast(sum(p.tone_scored_count) as bigint) as tone_scored_count,
    cast(sum(p.tone_positive_count) as bigint) as tone_positive_count,
    cast(sum(p.tone_negative_count) as bigint) as tone_negative_count,
    cast(sum(p.interactions_d1) as bigint) as interactions_d1,
    cast(sum(p.engaged_d1_count) as bigint) as engaged_d1_count,
    cast(sum(p.interactions_d7) as bigint) as interactions_d7,
    cast(sum(p.engaged_d7_count) as bigint) as engaged_d7_count,
    cast(sum(p.interactions_d28) as bigint) as interactions_d28,
    cast(sum(p.engaged_d28_count) as bigint) as engaged_d28_count,
    cast(sum(p.interactions_latest) as bigint) as interactions_latest,
    cast(sum(p.engaged_latest_count) as bigint) as engaged_latest_count,
    cast(sum(p.shares_d7) as bigint) as shares_d7,
    cast(sum(p.shareable_d7) as bigint) as shareable_d7,
    cast(sum(p.rated_views_d7) as bigint) as rated_views_d7,
    cast(sum(p.viewed_interactions_d7) as bigint) as viewed_interactions_d7,
    cast(sum(p.rated_view_count) as bigint) as rated_view_count,
    cast(sum(p.rated_followers) as bigint) as rated_followers,
    cast(sum(p.followed_interactions_d7) as bigint) as followed_interactions_d7,
    cast(sum(p.rated_follower_count) as bigint) as rated_follower_count,
    cast(sum(p.reach_observed) as bigint) as reach_observed,
    cast(sum(p.observed_count) as bigint) as observed_count,
    cast(sum(p.reach_low) as bigint) as reach_low,
    cast(sum(p.reach_central) as bigint) as reach_central,
    cast(sum(p.reach_high) as bigint) as reach_high,
    cast(sum(p.reached_count) as bigint) as reached_count
from part_night as p
inner join bridge_period as b on b.night = p.night
inner join touched_period as t on t.grain = b.grain and t.period = b.period
where p.dimension = 'all' or b.grain in ('day', 'week', 'month')
group by p.brand, p.dimension, p.part, b.grain, b.period
