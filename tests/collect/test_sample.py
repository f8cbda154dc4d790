"""The bundled story: fictional, the same everywhere, and hard to read where real posts are."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.collect import Ask, sample
from pipeline.errors import ConfigError, UnavailableError
from pipeline.model import Window

NIGHTS = [date(2026, 1, 5) + timedelta(days=n) for n in range(147)]
OUTAGE = {date(2026, 3, 17), date(2026, 3, 18)}
BRANDS = {
    "just-dijon",
    "vosges-je-vois-la-vie",
    "la-manche",
    "haute-marne-respire-et-inspire",
    "vienne-futuroscope",
    "superigueux",
    "troyes",
    "lille",
    "bourges",
}
HARD = {
    *("channel", "begging", "sleeve", "vienna", "vienne_isere", "haute_vienne", "place_des_vosges", "club_dijon"),
    *("irony", "slogan_haute_marne", "slogan_vosges", "spam", "syndicated", "comparison", "emoji_only", "code_mixed"),
    *("headline", "repost", "quote", "reply", "owned", "partner", "campaign", "uproar", "nothing"),
}


def ask():
    return Ask(now=datetime(2026, 6, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def story():
    """Every post with its truth."""
    told = []
    for night in NIGHTS:
        if night not in OUTAGE:
            told += [(post, sample.truth(night)[post.post_id]) for post in sample.posts(Window.night(night), [], ask())]
    return told


def test_the_story_is_long_enough_to_have_intervals(story):
    assert 5_000 <= len(story) <= 7_000


def test_nothing_in_it_can_be_taken_for_real(story):
    assert "FICTION" in sample.__doc__
    for post, _ in story:
        assert post.url.startswith("https://example.invalid/sample/")
        assert post.author_id.startswith("fiction-")
        assert post.post_id.startswith("fiction-")


def test_every_night_speaks_and_the_outage_fails_always(story):
    spoken = {post.post_id[8:16] for post, _ in story}
    assert spoken == {f"{night:%Y%m%d}" for night in NIGHTS if night not in OUTAGE}
    for night in OUTAGE:
        for _ in range(2):
            with pytest.raises(UnavailableError):
                list(sample.posts(Window.night(night), [], ask()))
        assert sample.truth(night) == {}


def test_a_night_outside_the_story_is_no_silence():
    for night in (date(2026, 1, 4), date(2026, 6, 1)):
        with pytest.raises(ConfigError, match="2026-01-05 to 2026-05-31"):
            list(sample.posts(Window.night(night), [], ask()))


def test_a_window_of_several_nights_gives_their_posts():
    window = Window(Window.night(NIGHTS[0]).start, Window.night(NIGHTS[2]).end)
    together = list(sample.posts(window, [], ask()))
    assert together == [post for night in NIGHTS[:3] for post in sample.posts(Window.night(night), [], ask())]


def test_half_a_night_gives_only_its_posts():
    whole = Window.night(NIGHTS[0])
    half = Window(whole.start, whole.start + (whole.end - whole.start) / 2)
    assert list(sample.posts(half, [], ask())) == [
        p for p in sample.posts(whole, [], ask()) if half.holds(p.created_at)
    ]


def test_french_for_three_quarters_and_english(story):
    langs = Counter(truth.lang for _, truth in story)
    assert 0.70 < langs["fr"] / langs.total() < 0.82
    assert set(langs) == {"fr", "en"}


def test_every_brand_is_praised_blamed_and_only_named(story):
    tones = {(meant.brand, meant.toward) for _, truth in story for meant in truth.meant}
    assert tones == {(b, t) for b in BRANDS for t in ("positive", "negative", "neutral", "not_about")}


def test_the_hard_cases_are_inside(story):
    cases = Counter(truth.case for _, truth in story)
    assert set(cases) >= HARD
    senses = {meant.sense for _, truth in story for meant in truth.meant}
    assert senses == {"territory", "other_place", "word", "club", "person", "spam"}


def test_posts_are_not_copies_of_each_other(story):
    own = [post.text for post, truth in story if truth.case == "ordinary"]
    assert len(set(own)) / len(own) > 0.9


def test_some_posts_come_twice_and_some_headlines_in_several_media(story):
    ids = Counter(post.post_id for post, _ in story)
    assert sum(count == 2 for count in ids.values()) > 50
    headlines = Counter(post.text for post, truth in story if truth.case == "syndicated")
    assert max(headlines.values()) >= 3


def test_some_posts_are_cut_and_some_language_tags_wrong(story):
    assert sum(post.text.endswith("…") and len(post.text) == 140 for post, _ in story) > 50
    hinted = [(post.lang_hint, truth.lang) for post, truth in story if post.lang_hint]
    assert 0.05 < sum(hint != lang for hint, lang in hinted) / len(hinted) < 0.15


def test_the_campaign_lifts_dijon_and_the_quarrel_sinks_la_manche(story):
    def mentions(brand, first, last):
        return Counter(
            meant.toward
            for post, truth in story
            for meant in truth.meant
            if meant.brand == brand and first <= post.post_id[8:16] <= last
        )

    calm, campaign = mentions("just-dijon", "20260309", "20260329"), mentions("just-dijon", "20260407", "20260427")
    assert campaign["positive"] > 1.8 * calm["positive"]
    before, quarrel = mentions("la-manche", "20260302", "20260308"), mentions("la-manche", "20260309", "20260315")
    assert quarrel["negative"] > 5 * before["negative"]


def test_the_audience_grows_and_rests_on_sundays(story):
    nights = Counter(date.fromisoformat(post.post_id[8:16]) for post, _ in story)
    month = [sum(nights[n] for n in NIGHTS[i : i + 28]) for i in (0, 119)]
    assert month[1] > 1.12 * month[0]
    weekdays = Counter()
    for night, number in nights.items():
        weekdays[night.weekday()] += number
    assert weekdays[6] < 0.85 * weekdays[4]


def test_engagement_and_audience_have_a_heavy_tail(story):
    likes = sorted(post.engagement.likes for post, _ in story if post.engagement)
    assert likes[len(likes) // 2] < 15
    assert likes[-1] > 1_000
    assert any(post.engagement is None for post, _ in story)
    assert any(post.author_followers is None for post, _ in story)
    assert any(post.engagement and post.engagement.views is None for post, _ in story)


def test_a_few_authors_write_a_lot(story):
    authors = Counter(post.author_id for post, _ in story)
    top = sum(number for _, number in authors.most_common(len(authors) // 20))
    assert top > 0.25 * authors.total()


def test_echoes_name_what_they_answer(story):
    ids = {post.post_id for post, _ in story}
    for post, _ in story:
        link = {"repost": post.repost_of, "quote": post.quote_of, "reply": post.in_reply_to}.get(post.kind)
        assert (link in ids) == (post.kind != "post")


def test_the_story_is_the_same_on_every_machine():
    # If the story is meant to change, write the new digest here and say so in the changelog.
    digest = hashlib.sha256()
    for night in NIGHTS:
        if night not in OUTAGE:
            for post in sample.posts(Window.night(night), [], ask()):
                digest.update(f"{post.post_id} {post.kind} {post.author_id} {post.text}\n".encode())
    assert digest.hexdigest()[:16] == "d6a15e553ef4843d"


def test_every_slot_of_the_texts_is_filled(story) -> None:
    assert not [post.post_id for post, _ in story if "{" in post.text or "}" in post.text]
