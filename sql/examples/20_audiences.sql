-- Of whom do the mentions speak: visitors, residents, talents, companies, event organisers; and in which tone?
-- De qui parlent les mentions : visiteurs, habitants, talents, entreprises, organisateurs ; et sur quel ton ?
select brand, month, tag as audience, mention_count, share, net_sentiment, scored_count, coverage
from tag_month
where tag_kind = 'audience'
order by brand, month, share desc
