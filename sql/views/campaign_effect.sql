-- One row per campaign, measure (log_mentions, net_sentiment) and method (difference, synthetic): how the brand moved
-- beyond its peers when the campaign began, with the interval and the placebo p that come from pretending that each
-- peer had the campaign. Campaign and effect go together; that is no proof that one caused the other.
-- `verdict` is up, down, none or cannot_tell, and `reason` then says why.
select
    brand,
    campaign,
    starts_on as start,
    ends_on as "end",
    measure,
    effect,
    low,
    high,
    p,
    peer_count as peers,
    method,
    verdict,
    reason
from campaign_test
