-- One row per peer set, source, member, week or month and its day one: the member's share of the set's mentions on that
-- source, with its interval as in peer_share.
-- kind: view
with

shared as (
    select
        a.*,
        mention_count / nullif(cast(set_count as double), 0) as share,
        3.84146 * design_effect / nullif(cast(set_count as double), 0) as z
    from agg_peer_source as a
)

select
    brand,
    source,
    peer,
    grain,
    mention_count,
    set_count,
    night_count,
    complete_count,
    complete_count / nullif(cast(night_count as double), 0) as coverage,
    share,
    greatest(least((share + z / 2 - sqrt(z * share * (1 - share) + z * z / 4)) / (1 + z), share), 0) as share_low,
    least(greatest((share + z / 2 + sqrt(z * share * (1 - share) + z * z / 4)) / (1 + z), share), 1) as share_high,
    period
from shared
