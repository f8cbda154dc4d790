"""Every figure of a digest, recomputed from the mentions themselves, one by one, in plain Python."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import mean

import duckdb
import pytest

from pipeline.report import render
from pipeline.report.digest import Digest
from pipeline.report.lead import lead, subject
from pipeline.report.words import words
from tests.report import made_weeks
from tests.report.conftest import digest_of

CASES = [(brand, made_weeks.W53) for brand in ("quiet", "busy", "buzz", "outage", "newcomer")]
CASES += [("busy", made_weeks.W43)]
FR = words("fr")


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def told(request: pytest.FixtureRequest, published: Path) -> tuple[Digest, Counted]:
    brand, week = request.param
    return digest_of(published, brand, week), Counted(published, brand, week)


@dataclass(frozen=True)
class Row:
    """One accepted mention as the store gave it."""

    brand: str
    night: date
    source: str
    author: int
    sign: int | None
    by_name: bool
    reach: float


@cache
def rows_of(published: Path) -> list[Row]:
    signs = {"positive": 1, "neutral": 0, "negative": -1}
    with duckdb.connect(str(published), read_only=True) as con:
        found = con.execute(
            "select m.brand, p.night, p.source, p.author_key, m.label, m.by_brand_name, p.reach_central "
            "from raw.mention as m join raw.post as p on p.post_key = m.post_key where m.accepted"
        ).fetchall()
    return [Row(brand, night, source, author, signs.get(label), name, reach) for brand, night, source, author, label,
            name, reach in found]  # fmt: skip


class Counted:
    """A brand's weeks counted by hand from its mentions, on the nights that no source missed."""

    def __init__(self, published: Path, brand: str, week: date) -> None:
        self.published, self.brand, self.week = published, brand, week
        self.failed = {night for night in made_weeks.FAILED if brand == "outage"}
        self.first = made_weeks.W53 if brand == "newcomer" else made_weeks.FIRST

    def rows(self, *, back: int = 0, brand: str | None = None) -> list[Row]:
        """The mentions of the week, or of `back` weeks before."""
        first = self.week - timedelta(days=7 * back)
        week = {first + timedelta(days=n) for n in range(7)} - self.failed
        return [row for row in rows_of(self.published) if row.brand == (brand or self.brand) and row.night in week]

    def night(self, night: date) -> int | None:
        """Mentions of one night; None when it was not collected."""
        if night < self.first or night in self.failed:
            return None
        return sum(row.brand == self.brand and row.night == night for row in rows_of(self.published))

    def tone(self, back: int = 0) -> float | None:
        signs = [row.sign for row in self.rows(back=back) if row.sign is not None]
        return mean(signs) if signs else None


def test_the_mentions_and_their_change_are_those_of_the_same_nights(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    assert digest.volume.mentions == len(counted.rows())
    assert digest.volume.authors == len({row.author for row in counted.rows()})
    assert digest.volume.by_name == sum(row.by_name for row in counted.rows())
    pairs = [
        (counted.night(night), counted.night(night - timedelta(days=7)))
        for night in (digest.week + timedelta(days=n) for n in range(7))
    ]
    both = [(now, before) for now, before in pairs if now is not None and before is not None]
    assert digest.volume.like_nights == len(both)
    if both:
        now, before = sum(n for n, _ in both), sum(b for _, b in both)
        assert digest.volume.change == pytest.approx((now - before) / before)
    else:
        assert digest.volume.change is None


def test_each_day_is_its_night_and_the_usual_level_the_mean_of_eight_such_days(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    for day in digest.own_days:
        assert day.mentions == counted.night(day.night)
        past = [counted.night(day.night - timedelta(days=7 * back)) for back in range(1, 9)]
        known = [count for count in past if count is not None]
        assert day.usual == (pytest.approx(mean(known)) if len(known) >= 4 else None)


def test_the_tone_is_positive_less_negative_of_what_was_scored(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    scored = [row for row in counted.rows() if row.sign is not None]
    figure = digest.figures["net_sentiment"]
    assert figure.n == len(scored)
    if min(len(scored), len({row.author for row in scored})) >= 30:
        assert figure.value == pytest.approx(counted.tone())
        assert figure.low is not None and figure.high is not None and figure.low <= figure.value <= figure.high
    else:
        assert figure.value is None


def test_mix_and_tone_add_up_to_the_change_of_tone(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    before, now = counted.tone(back=1), counted.tone()
    if before is None or now is None:
        assert digest.mix_effect is None and digest.tone_effect is None
    else:
        assert (digest.mix_effect or 0) + (digest.tone_effect or 0) == pytest.approx(now - before)


def test_the_sources_add_up_to_the_headline(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    assert {line.source: line.mentions for line in digest.sources} == Counter(row.source for row in counted.rows())
    assert sum(line.mentions or 0 for line in digest.sources) == digest.volume.mentions


def test_the_peers_share_the_set_s_mentions(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    counts = {peer: len(counted.rows(brand=peer)) for peer in made_weeks.PEERS}
    assert {p.slug: p.mentions for p in digest.peers} == (counts if digest.brand in made_weeks.PEERS else {})
    for peer in digest.peers:
        assert peer.share == pytest.approx(counts[peer.slug] / sum(counts.values()))


def test_the_reach_is_the_sum_of_the_central_estimates(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    assert digest.figures["reach"].value == pytest.approx(sum(row.reach for row in counted.rows()), abs=7)


def test_a_campaign_is_compared_with_the_four_weeks_before_it(busy: Digest, published: Path) -> None:
    counted = Counted(published, "busy", made_weeks.W53)
    start = date(2026, 12, 21)
    since = [counted.night(start + timedelta(days=n)) or 0 for n in range(14)]
    before = [counted.night(start - timedelta(days=n)) or 0 for n in range(1, 29)]
    (campaign,) = busy.campaigns
    assert (campaign.nights, campaign.mentions) == (14, sum(since))
    assert (campaign.a_night, campaign.before) == (pytest.approx(mean(since)), pytest.approx(mean(before)))


def test_lead_subject_tile_and_texts_say_the_same_number(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    number = str(len(counted.rows()))
    made = render.render(digest, "fr")
    assert number in re.findall(r"\d+", lead(digest, FR))
    assert f"· {number} mentions" in subject(digest, FR)
    assert f"Mentions : {number}\n" in made.text
    assert made.html.count(f">{number}</div>") == 1
    # The same figures in the same order: the text twin is the HTML without its clothes.
    for tile_value in re.findall(r"font-weight:700;padding:2px 0\">([^<]+)<", made.html):
        plain = tile_value.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert f" : {plain}\n" in made.text


def test_a_week_that_is_not_over_is_not_told(published: Path) -> None:
    from pipeline.errors import RetriableError

    with pytest.raises(RetriableError, match="publish that night first"):
        digest_of(published, "busy", date(2027, 1, 4))
