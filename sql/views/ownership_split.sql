-- One row per brand, grain (week, month) and period: who carries the mentions. Earned: anybody; partner: an account
-- that the brand file lists as a partner; owned: the brand's own accounts, which are in no other figure. The shares are
-- ownership_share of the registry of metrics.
select
    b.brand,
    b.grain,
    b.mention_count - b.partner_count as earned_count,
    b.partner_count,
    b.owned_count,
    max(case when m.part = 'earned' then m.value end) as earned_share,
    max(case when m.part = 'partner' then m.value end) as partner_share,
    max(case when m.part = 'owned' then m.value end) as owned_share,
    b.coverage,
    b.period
from brand_period as b
left join metric_part as m
    on m.metric = 'ownership_share' and m.is_current and m.brand = b.brand and m.grain = b.grain
        and m.period = b.period
where b.dimension = 'all' and b.grain in ('week', 'month')
group by b.brand, b.grain, b.mention_count, b.partner_count, b.owned_count, b.coverage, b.period
