"""Every figure of a digest, recomputed from the mentions themselves, one by one, in plain Python."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from math import sqrt
from pathlib import Path
from statistics import mean, variance

import pytest
from pytest import approx

from pipeline.report import reading, render
from pipeline.report.digest import Digest
from pipeline.report.lead import lead, subject
from pipeline.report.words import words
from tests.report import made_weeks
from tests.report.conftest import digest_of
from tests.report.counted import Counted, close, known_tone, score_limits, wilson

CASES = [(brand, made_weeks.W53) for brand in ("quiet", "busy", "buzz", "outage", "newcomer")]
CASES += [("busy", made_weeks.W43)]
FR = words("fr")


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def told(request: pytest.FixtureRequest, published: Path) -> tuple[Digest, Counted]:
    brand, week = request.param
    return digest_of(published, brand, week), Counted(published, brand, week)


def test_the_mentions_and_their_change_are_those_of_the_same_nights(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    assert digest.volume.mentions == len(counted.rows())
    assert digest.volume.authors == len({row.author for row in counted.rows()})
    assert digest.volume.by_name == sum(row.by_name for row in counted.rows())
    pairs = [
        (counted.night(night), counted.night(night - timedelta(days=7)))
        for night in (digest.first + timedelta(days=n) for n in range(7))
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
        assert (figure.low, figure.high) == tuple(close(limit) for limit in score_limits(scored))
    else:
        assert (figure.value, figure.low, figure.high) == (None, None, None)


def test_the_tone_of_a_source_a_peer_and_a_theme_is_that_of_its_own_mentions(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    for source in digest.sources:
        own = counted.of_source(source.source)
        assert source.tone == approx(known_tone(own))
        if source.tone is not None:
            scored = [row for row in own if row.sign is not None]
            assert source.scored == len(scored)
            assert (source.tone_low, source.tone_high) == tuple(close(limit) for limit in score_limits(scored))
    for peer in digest.peers:
        assert peer.tone == approx(known_tone(counted.rows(brand=peer.slug)))
    for tag in digest.tags:
        assert tag.tone == approx(known_tone([row for row in counted.rows() if (tag.kind, tag.tag) in row.tags]))


def test_the_week_before_of_a_source_is_counted_on_its_nights(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    before = Counter(row.source for row in counted.rows(back=1))
    assert {line.source: line.previous for line in digest.sources} == {
        line.source: before.get(line.source) for line in digest.sources
    }
    assert before.keys() <= {line.source for line in digest.sources}


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


def test_themes_and_emotions_are_shares_of_the_mentions_read(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    for back, share_of in ((0, lambda tag: tag.share), (1, lambda tag: tag.previous)):
        rows = counted.rows(back=back)
        said = Counter((kind, tag) for row in rows for kind, tag in row.tags)
        voices = {tag: len({row.author for row in rows if tag in row.tags}) for tag in said}
        shares = {tag: n / len(rows) for tag, n in said.items() if n >= 10 and voices[tag] >= 5}
        if back == 0:
            assert {(tag.kind, tag.tag): tag.mentions for tag in digest.tags} == {tag: said[tag] for tag in shares}
        for tag in digest.tags:
            assert share_of(tag) == (pytest.approx(found) if (found := shares.get((tag.kind, tag.tag))) else None)


def test_the_usual_range_is_that_of_the_weeks_before(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    past = [[counted.night(digest.first - timedelta(days=7 * back - n)) for n in range(7)] for back in range(1, 9)]
    whole = [sum(week) for week in past if all(count is not None for count in week)]
    usual = [day.usual for day in digest.own_days if day.mentions is not None]
    if len(whole) < 4 or None in usual:
        assert digest.volume.usual_low is None and digest.volume.usual_high is None
        return
    centre = sum(usual)
    spread = max(1.0, variance(whole) / mean(whole))
    df = len(whole) - 1
    student = 1.95996 + 2.37227 / df + 2.82250 / df**2 + 2.55585 / df**3  # 97.5 %, within 0.7 % of the tables
    half = student * sqrt(centre * spread * (1 + 1 / len(whole)))
    assert digest.volume.usual_low == pytest.approx(max(centre - half, 0))
    assert digest.volume.usual_high == pytest.approx(centre + half)


def test_the_share_of_voice_and_its_change_have_the_intervals_of_wilson_and_newcombe(
    told: tuple[Digest, Counted],
) -> None:
    digest, counted = told
    if not digest.peers:
        assert digest.figures.get("share_of_voice") is None or digest.figures["share_of_voice"].value is None
        return
    voice = digest.figures["share_of_voice"]
    of_week = []
    for back in (0, 1):
        counts = {peer: len(counted.rows(back=back, brand=peer)) for peer in made_weeks.PEERS}
        n = sum(counts.values())
        of_week.append((counts[digest.brand] / n, *wilson(counts[digest.brand], n)))
    (now, low, high), (before, before_low, before_high) = of_week
    assert (voice.value, voice.low, voice.high) == (close(now), close(low), close(high))
    assert (voice.previous, voice.change) == (close(before), close(now - before))
    assert voice.change_low == close(now - before - sqrt((now - low) ** 2 + (before_high - before) ** 2))
    assert voice.change_high == close(now - before + sqrt((high - now) ** 2 + (before - before_low) ** 2))
    for peer in digest.peers:
        low, high = wilson(peer.mentions, sum(p.mentions for p in digest.peers))
        assert (peer.share_low, peer.share_high) == (close(low), close(high))


def test_the_change_of_tone_has_the_interval_of_both_weeks(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    tone = digest.figures["net_sentiment"]
    if tone.change is None or tone.value is None:
        return
    before = reading.read(counted.published, made_weeks.BY_SLUG[digest.brand], digest.first - timedelta(days=7))
    past = before.figures["net_sentiment"]
    assert tone.previous == past.value and tone.change == approx(tone.value - past.value)
    assert tone.change_low == approx(tone.change - sqrt((tone.value - tone.low) ** 2 + (past.high - past.value) ** 2))
    assert tone.change_high == approx(tone.change + sqrt((tone.high - tone.value) ** 2 + (past.value - past.low) ** 2))
    assert tone.is_clear == (tone.change_low > 0 or tone.change_high < 0)


def test_the_posts_named_are_the_most_seen_of_their_tone(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    for posts, sign in ((digest.answer, -1), (digest.thanks, 1)):
        best = sorted(counted.seen(sign), key=lambda post: (-post[0], post[1]))[: len(posts)]
        assert [said.url for said in posts] == [url for _, _, url in best]


def test_the_reach_is_the_sum_of_the_central_estimates(told: tuple[Digest, Counted]) -> None:
    digest, counted = told
    reach, total = digest.figures["reach"], sum(row.reach for row in counted.rows())
    assert reach.value == pytest.approx(total, abs=7)
    # The made-up range of each post is half and twice its central estimate, published rounded post by post.
    assert (reach.low, reach.high) == (pytest.approx(total / 2, rel=0.01), pytest.approx(total * 2, rel=0.01))


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
