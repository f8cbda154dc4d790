-- One row per peer set, member, grain and period in which the set was talked about: the member's share of its mentions
-- with a 95 % Wilson interval on the effective number of mentions: one author may write many, and a chance crowd of
-- them moves the share as one. The design effect is that of the whole set: one brand's own is too unsure.
-- kind: view
with

shared as (
    select
        a.*,
        mention_count / nullif(cast(set_count as double), 0) as share,
        3.84146 * design_effect / nullif(cast(set_count as double), 0) as z
    from agg_peer as a
)

select
    brand,
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
