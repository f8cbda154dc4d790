"""Every figure of a month, recomputed from the mentions themselves."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean

import pytest
from pytest import approx

from pipeline.report import render
from pipeline.report.digest import Digest
from tests.report import made_weeks
from tests.report.conftest import digest_of
from tests.report.counted import Counted, Row, rows_of

NOVEMBER, JANUARY = date(2026, 11, 1), date(2027, 1, 1)


@pytest.fixture(scope="module", params=["busy", "outage"])
def told(request: pytest.FixtureRequest, published: Path) -> tuple[Digest, Counted]:
    return digest_of(published, request.param, made_weeks.DECEMBER), Counted(published, request.param, made_weeks.W53)


def of_month(counted: Counted, first: date, after: date, brand: str | None = None) -> list[Row]:
    chosen = brand or counted.brand
    return [
        row for row in rows_of(counted.published)
        if row.brand == chosen and first <= row.night < after and row.night not in counted.failed
    ]  # fmt: skip


def test_the_volume_is_that_of_the_month_and_its_change_that_of_a_night(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    now, before = of_month(counted, made_weeks.DECEMBER, JANUARY), of_month(counted, NOVEMBER, made_weeks.DECEMBER)
    nights = 31 - len(counted.failed)
    assert (digest.volume.mentions, digest.volume.nights, digest.volume.complete) == (len(now), 31, nights)
    assert digest.volume.authors == len({row.author for row in now})
    assert digest.volume.change == approx((len(now) / nights) / (len(before) / 30) - 1)
    assert digest.volume.by_name == sum(row.by_name for row in now)
    assert sum(day.mentions or 0 for day in digest.own_days) == len(now) and len(digest.own_days) == 31


def test_tone_reach_and_sources_are_those_of_the_month(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    now, before = of_month(counted, made_weeks.DECEMBER, JANUARY), of_month(counted, NOVEMBER, made_weeks.DECEMBER)
    tone = digest.figures["net_sentiment"]
    assert tone.value == approx(mean(row.sign for row in now if row.sign is not None))
    assert tone.previous == approx(mean(row.sign for row in before if row.sign is not None))
    assert digest.figures["reach"].value == pytest.approx(sum(row.reach for row in now), abs=31)
    assert {line.source: line.mentions for line in digest.sources} == Counter(row.source for row in now)
    assert {line.source: line.previous for line in digest.sources} == Counter(row.source for row in before)


@pytest.mark.parametrize("brand", ["busy", "buzz", "quiet", "outage"])
def test_the_change_of_tone_is_split_into_weight_and_tone_of_the_sources(published: Path, brand: str) -> None:
    digest, counted = digest_of(published, brand, made_weeks.DECEMBER), Counted(published, brand, made_weeks.W53)
    spans = ((made_weeks.DECEMBER, JANUARY), (NOVEMBER, made_weeks.DECEMBER))
    scored = [[row for row in of_month(counted, *span) if row.sign is not None] for span in spans]
    now, before = scored
    mix = 0.0
    for source in made_weeks.SOURCES:
        signs = [[row.sign for row in rows if row.source == source] for rows in scored]
        weights = [len(found) / len(rows) for found, rows in zip(signs, scored, strict=True)]
        mix += (weights[0] - weights[1]) * (mean(signs[0]) + mean(signs[1])) / 2
    assert digest.mix_effect == approx(mix)
    change = mean(row.sign for row in now) - mean(row.sign for row in before)
    assert (digest.mix_effect or 0) + (digest.tone_effect or 0) == approx(change)


def test_a_month_that_went_bad_says_whether_the_tone_or_the_sources_changed(published: Path) -> None:
    made = render.render(digest_of(published, "buzz", made_weeks.DECEMBER), "fr")
    assert "point en un mois" in made.text and "C’est le ton qui change, plus que le poids des sources." in made.text


def test_the_peers_and_the_themes_are_those_of_the_month(published: Path) -> None:
    digest = digest_of(published, "busy", made_weeks.DECEMBER)
    counted = Counted(published, "busy", made_weeks.W53)
    counts = {peer: len(of_month(counted, made_weeks.DECEMBER, JANUARY, peer)) for peer in made_weeks.PEERS}
    assert {peer.slug: peer.mentions for peer in digest.peers} == counts
    assert digest.figures["share_of_voice"].value == approx(counts["busy"] / sum(counts.values()))
    now = of_month(counted, made_weeks.DECEMBER, JANUARY)
    said = Counter(tag for row in now for tag in row.tags)
    assert {(tag.kind, tag.tag): approx(tag.share) for tag in digest.tags} == {
        tag: n / len(now) for tag, n in said.items()
    }


def test_it_leaves_on_the_first_monday_after_and_has_a_name_of_its_own(published: Path) -> None:
    digest = digest_of(published, "busy", made_weeks.DECEMBER)
    assert digest.id == "busy/2026-12" and digest.sent_at == datetime(2027, 1, 4, 6, 30, tzinfo=UTC)


def test_the_posts_of_a_month_are_the_most_seen_of_its_weeks(published: Path) -> None:
    month = digest_of(published, "busy", made_weeks.DECEMBER)
    week = digest_of(published, "busy", made_weeks.W53 - timedelta(days=7))
    assert len(month.answer) == len(month.thanks) == 4
    assert all(made_weeks.DECEMBER <= said.night < JANUARY for said in (*month.answer, *month.thanks))
    best = max(said.views or 0 for said in week.thanks)
    assert best <= max(said.views or 0 for said in month.thanks)
