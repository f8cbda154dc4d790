-- One row per brand, dimension, part, grain and period to be replaced: everything that adds up over its nights.
-- kind: temp view
select
    p.brand,
    p.dimension,
    p.part,
    b.grain,
    b.period,
    cast(coalesce(sum(p.mention_count), 0) as bigint) as mention_count,
    cast(coalesce(sum(p.original_count), 0) as bigint) as original_count,
    cast(coalesce(sum(p.owned_count), 0) as bigint) as owned_count,
    cast(coalesce(sum(p.partner_count), 0) as bigint) as partner_count,
    cast(coalesce(sum(p.by_name_count), 0) as bigint) as by_name_count,
    cast(coalesce(sum(p.scored_count), 0) as bigint) as scored_count,
    cast(coalesce(sum(p.positive_count), 0) as bigint) as positive_count,
    cast(coalesce(sum(p.negative_count), 0) as bigint) as negative_count,
    cast(coalesce(sum(p.not_about_count), 0) as bigint) as not_about_count,
    cast(coalesce(sum(p.tone_scored_count), 0) as bigint) as tone_scored_count,
    cast(coalesce(sum(p.tone_positive_count), 0) as bigint) as tone_positive_count,
    cast(coalesce(sum(p.tone_negative_count), 0) as bigint) as tone_negative_count,
    cast(coalesce(sum(p.interactions_d1), 0) as bigint) as interactions_d1,
    cast(coalesce(sum(p.engaged_d1_count), 0) as bigint) as engaged_d1_count,
    cast(coalesce(sum(p.interactions_d7), 0) as bigint) as interactions_d7,
    cast(coalesce(sum(p.engaged_d7_count), 0) as bigint) as engaged_d7_count,
    cast(coalesce(sum(p.interactions_d28), 0) as bigint) as interactions_d28,
    cast(coalesce(sum(p.engaged_d28_count), 0) as bigint) as engaged_d28_count,
    cast(coalesce(sum(p.interactions_latest), 0) as bigint) as interactions_latest,
    cast(coalesce(sum(p.engaged_latest_count), 0) as bigint) as engaged_latest_count,
    cast(coalesce(sum(p.shares_d7), 0) as bigint) as shares_d7,
    cast(coalesce(sum(p.shareable_d7), 0) as bigint) as shareable_d7,
    cast(coalesce(sum(p.rated_views_d7), 0) as bigint) as rated_views_d7,
    cast(coalesce(sum(p.viewed_interactions_d7), 0) as bigint) as viewed_interactions_d7,
    cast(coalesce(sum(p.rated_view_count), 0) as bigint) as rated_view_count,
    cast(coalesce(sum(p.rated_followers), 0) as bigint) as rated_followers,
    cast(coalesce(sum(p.followed_interactions_d7), 0) as bigint) as followed_interactions_d7,
    cast(coalesce(sum(p.rated_follower_count), 0) as bigint) as rated_follower_count,
    cast(coalesce(sum(p.reach_observed), 0) as bigint) as reach_observed,
    cast(coalesce(sum(p.observed_count), 0) as bigint) as observed_count,
    cast(coalesce(sum(p.reach_low), 0) as bigint) as reach_low,
    cast(coalesce(sum(p.reach_central), 0) as bigint) as reach_central,
    cast(coalesce(sum(p.reach_high), 0) as bigint) as reach_high,
    cast(coalesce(sum(p.reached_count), 0) as bigint) as reached_count
from part_night as p
inner join bridge_period as b on b.night = p.night
inner join chunk_period as t on t.grain = b.grain and t.period = b.period
where p.dimension = 'all' or b.grain in ('day', 'week', 'month')
group by p.brand, p.dimension, p.part, b.grain, b.period
