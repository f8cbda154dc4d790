"""Real posts of 2011-2019 against the national catalogue: the figures agree with each other, and twice is once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import settings, steps, warehouse
from tests.steps import _night, _published

NIGHT = date(2019, 12, 31)

# Each returns the rows that contradict it.
INVARIANTS = {
    "the days of a brand sum to its mentions": """
        select f.brand
        from (select brand, count(*) as n from fct_mention where ownership <> 'owned' group by brand) as f
        full join (
            select brand, sum(value) as n from metrics where metric = 'mentions' and grain = 'day' group by brand
        ) as d on d.brand = f.brand
        where coalesce(f.n, 0) <> coalesce(d.n, 0)
    """,
    "a week is the sum of its days": """
        select w.brand, w.period
        from metrics as w
        inner join (
            select brand, date_trunc('week', period) as week, sum(value) as n
            from metrics where metric = 'mentions' and grain = 'day' group by all
        ) as d on d.brand = w.brand and d.week = w.period
        where w.metric = 'mentions' and w.grain = 'week' and w.value is distinct from d.n
    """,
    "an interval holds its value": "select * from metrics where value < low - 1e-9 or value > high + 1e-9",
    "no figure is infinite or not a number": "select * from metrics where isnan(value) or isinf(value)",
    "a mention has a post": """
        select m.post_number from fct_mention as m
        left join raw.post as p on p.post_key = m.post_number
        where p.post_key is null
    """,
}


def build(home: Path, posts: Path, store_url: str | None = None) -> settings.Settings:
    given = _night.settings_of(home, store_url)
    steps.import_posts(given, posts, now=_night.NOW, catalogue="national")
    observed = posts.with_name("engagement_observations_before_2020.csv.gz")
    steps.import_engagement(given, observed, now=_night.NOW)
    steps.score(given, now=_night.NOW, catalogue="national")
    steps.build(given, NIGHT, now=_night.NOW, catalogue="national")
    return given


def publish_file(home: Path, posts: Path, store_url: str | None = None) -> None:
    """Without the page and the feeds, which nothing is asked of here: they are drawn from the real posts once."""
    warehouse.publish(build(home, posts, store_url).home, night=NIGHT, now=_night.NOW)


@pytest.mark.slow
@pytest.mark.integration
def test_real_posts_make_figures_that_agree_twice_and_everywhere(
    tmp_path: Path, real_posts: Path, postgres: str
) -> None:
    given = build(tmp_path / "sqlite", real_posts)
    path = steps.publish(given, NIGHT, now=_night.NOW, catalogue="national").path
    for name, sql in INVARIANTS.items():
        assert warehouse.query(path, sql)[1] == [], name
    weeks = """
        select count(distinct brand), sum(value) from metrics
        where metric = 'mentions' and grain = 'week' and value > 0 and period between '2017-01-01' and '2019-12-31'
    """
    brands, mentions = warehouse.query(path, weeks)[1][0]
    assert brands > 100 and mentions > 2_000
    first = _published.checksums(tmp_path / "sqlite")
    publish_file(tmp_path / "sqlite", real_posts)
    assert _published.checksums(tmp_path / "sqlite") == first
    publish_file(tmp_path / "postgres", real_posts, postgres)
    assert _published.checksums(tmp_path / "postgres") == first
