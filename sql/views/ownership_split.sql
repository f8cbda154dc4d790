-- One row per brand, grain (week, month) and period: who carries the mentions. Earned: anybody; partner: an account
-- that the brand file lists as a partner; owned: the brand's own accounts, which are in no other figure.
select
    brand,
    grain,
    mention_count - partner_count as earned_count,
    partner_count,
    owned_count,
    (mention_count - partner_count) / nullif(cast(mention_count + owned_count as double), 0) as earned_share,
    partner_count / nullif(cast(mention_count + owned_count as double), 0) as partner_share,
    owned_count / nullif(cast(mention_count + owned_count as double), 0) as owned_share,
    coverage,
    period
from brand_period
where dimension = 'all' and grain in ('week', 'month')
