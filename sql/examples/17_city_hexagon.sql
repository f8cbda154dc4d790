-- On which sides of Anholt's city hexagon is each brand above or below its peers, beyond what chance explains?
-- Sur quelles faces de l'hexagone d'Anholt chaque marque dépasse-t-elle ses concurrents, au-delà du hasard ?
select
    brand,
    month,
    dimension_name,
    place_score,
    place_low,
    place_high,
    50 * (peer_net_sentiment + 1) as peer_score,
    case
        when place_low > 50 * (peer_net_sentiment + 1) then 'above'
        when place_high < 50 * (peer_net_sentiment + 1) then 'below'
        else 'cannot tell'
    end as verdict,
    scored_count
from place_dimension
where model = 'city'
order by brand, month, dimension_name
