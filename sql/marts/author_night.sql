-- One row per brand, dimension, part, night and author: what intervals need, since one author's posts go together.
-- A post without a known author is its own author here, and is not counted among the authors.
-- kind: temp view
select
    brand,
    dimension,
    part,
    coalesce(author_number, post_number) as cluster_author,
    max(case when author_number is null then 0 else own end) as is_author,
    sum(own) as own_count,
    count(image) as image_count,
    sum(coalesce(image, 0)) as image_sum,
    sum(coalesce(image * image, 0)) as image_polar,
    count(mood) as tone_count,
    sum(coalesce(mood, 0)) as tone_sum,
    sum(coalesce(mood * mood, 0)) as tone_polar,
    count(case when is_addable then interactions_d1 end) as engaged_d1_count,
    count(case when is_addable then interactions_d7 end) as engaged_d7_count,
    count(case when is_addable then interactions_d28 end) as engaged_d28_count,
    count(case when is_addable then interactions_latest end) as engaged_latest_count,
    count(case when is_addable then shares_d7 end) as shareable_count,
    count(case when is_addable and interactions_d7 is not null then views_d7 end) as rated_view_count,
    count(case when is_addable and interactions_d7 is not null then follower_count end) as rated_follower_count,
    count(case when is_addable then views_d7 end) as observed_count,
    count(case when is_addable then reach_central end) as reached_count,
    count(case when is_addable then follower_count end) as followed_count,
    night
from counted_mention
group by brand, dimension, part, night, coalesce(author_number, post_number)
