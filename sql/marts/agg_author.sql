-- One row per brand, dimension, part, grain and period: distinct authors, and the sums over authors of squares and
-- products from which an interval that keeps each author's posts together is computed.
-- With n_a scored mentions of author a and s_a their signs' sum: count_square is the sum of n_a * n_a, sign_square of
-- s_a * s_a, sign_count of s_a * n_a; sign_within of the squared distances of a's signs from their mean s_a / n_a.
-- Whole numbers, the last in millionths, so that any order of addition gives the same figure.
-- kind: temp view
with

by_author as (
    select
        a.brand,
        a.dimension,
        a.part,
        b.grain,
        b.period,
        a.cluster_author,
        max(a.is_author) as is_author,
        sum(a.own_count) as own_count,
        sum(a.image_count) as image_count,
        sum(a.image_sum) as image_sum,
        sum(a.image_polar) as image_polar,
        (sum(a.image_polar) - sum(a.image_sum)) / 2.0 as image_negative,
        sum(a.tone_count) as tone_count,
        sum(a.tone_sum) as tone_sum,
        sum(a.tone_polar) as tone_polar,
        max(case when a.engaged_d1_count > 0 then a.is_author else 0 end) as engaged_d1,
        max(case when a.engaged_d7_count > 0 then a.is_author else 0 end) as engaged_d7,
        max(case when a.engaged_d28_count > 0 then a.is_author else 0 end) as engaged_d28,
        max(case when a.engaged_latest_count > 0 then a.is_author else 0 end) as engaged_latest,
        max(case when a.shareable_count > 0 then a.is_author else 0 end) as shareable,
        max(case when a.rated_view_count > 0 then a.is_author else 0 end) as rated_view,
        max(case when a.rated_follower_count > 0 then a.is_author else 0 end) as rated_follower,
        max(case when a.observed_count > 0 then a.is_author else 0 end) as observed,
        max(case when a.reached_count > 0 then a.is_author else 0 end) as reached,
        max(case when a.followed_count > 0 then a.is_author else 0 end) as followed
    from author_night as a
    inner join bridge_period as b on b.night = a.night
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    where a.dimension = 'all' or b.grain in ('day', 'week', 'month')
    group by a.brand, a.dimension, a.part, b.grain, b.period, a.cluster_author
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    sum(is_author) as author_count,
    sum(own_count * own_count) as mention_square,
    sum(case when image_count > 0 then 1 else 0 end) as scored_author_count,
    sum(image_count * image_count) as count_square,
    sum(image_sum * image_sum) as sign_square,
    sum(image_sum * image_count) as sign_count,
    sum(round(1000000.0 * (image_polar - image_sum * image_sum / nullif(cast(image_count as double), 0))))
        as sign_within,
    sum(round(1000000.0 * (image_negative - image_negative * image_negative / nullif(image_count, 0))))
        as negative_within,
    sum(case when tone_count > 0 then 1 else 0 end) as tone_author_count,
    sum(tone_count * tone_count) as tone_count_square,
    sum(tone_sum * tone_sum) as tone_sign_square,
    sum(tone_sum * tone_count) as tone_sign_count,
    sum(round(1000000.0 * (tone_polar - tone_sum * tone_sum / nullif(cast(tone_count as double), 0)))) as tone_within,
    sum(engaged_d1) as engaged_d1_author_count,
    sum(engaged_d7) as engaged_d7_author_count,
    sum(engaged_d28) as engaged_d28_author_count,
    sum(engaged_latest) as engaged_latest_author_count,
    sum(shareable) as shareable_author_count,
    sum(rated_view) as rated_view_author_count,
    sum(rated_follower) as rated_follower_author_count,
    sum(observed) as observed_author_count,
    sum(reached) as reached_author_count,
    sum(followed) as followed_author_count
from by_author
group by brand, dimension, part, grain, period
