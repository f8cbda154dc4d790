"""What a digest says in its readers' words: no contradiction, no figure that does not add up, nothing twice, short."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report import lines, render
from pipeline.report.digest import Digest
from pipeline.report.lead import lead, level
from pipeline.report.moved import moves
from pipeline.report.rows import Figure, Gap, Peer, Said, Source, Tag
from pipeline.report.tiles import tiles
from pipeline.report.words import words
from tests.report import made_weeks
from tests.report.test_golden import GOLDEN

FR, EN = words("fr"), words("en")
ONE_NIGHT = date(2026, 12, 29)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def figure(value: float, previous: float, *, is_clear: bool = True) -> Figure:
    change = value - previous
    return Figure("net_sentiment", "2", value, value, value, 99, previous, change, None, change, change, is_clear)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_change_is_the_difference_of_the_ends_that_are_printed(value: float, previous: float) -> None:
    told = figure(value, previous).told
    assert told is not None
    shares = [int(FR.percent(share).split("\N{NO-BREAK SPACE}")[0]) for share in (value, previous)]
    assert round(100 * told) == shares[0] - shares[1]
    decimals = [float(EN.decimal(one)) for one in (value, previous)]
    assert float(EN.decimal(told).replace("\N{MINUS SIGN}", "-")) == pytest.approx(decimals[0] - decimals[1])


def test_a_change_that_cannot_be_seen_in_what_is_printed_has_no_turn() -> None:
    turns = [figure(0.4049, before).turn for before in (0.3951, 0.3949, 0.4051)]
    assert turns == ["same", "up", "down"]
    assert figure(0.5, 0.1, is_clear=False).turn == "same"


def test_more_mentions_are_no_good_news_by_themselves(busy: Digest) -> None:
    html = render.render(busy, "fr").html
    assert re.search(r'<div class="same"[^>]*>▲ \+216', html) and 'class="up"' not in html
    storm = dataclasses.replace(busy, figures={**busy.figures, "net_sentiment": figure(-0.5, 0.2)})
    assert re.search(r'<div class="down"[^>]*>▼ en nette baisse \(−0,70\)', render.render(storm, "fr").html)


def test_weeks_that_differ_too_much_have_no_habit_and_it_is_said(busy: Digest) -> None:
    varied = dataclasses.replace(busy, volume=dataclasses.replace(busy.volume, usual_low=None, usual_high=None))
    assert level(varied) == "varied"
    first = plain(lead(varied, FR))
    assert "vos semaines diffèrent trop" in first and "après quatre semaines" not in first


def test_a_brand_without_a_habit_is_not_told_that_all_is_as_usual(busy: Digest) -> None:
    unknown = dataclasses.replace(busy.volume, usual=None, usual_low=None, usual_high=None, by_name=None)
    new = dataclasses.replace(busy, volume=unknown, figures={}, sources=(), unusual=(), peak=None, days=())
    assert [move.text for move in moves(new, FR)] == [FR.say("moved_new")]
    again = dataclasses.replace(new, volume=dataclasses.replace(unknown, usual=9.0, usual_low=1.0, usual_high=999.0))
    assert [move.text for move in moves(again, FR)] == [FR.say("moved_nothing")]


def test_a_week_far_under_its_habit_says_so_even_where_it_has_no_figures(busy: Digest) -> None:
    few = dataclasses.replace(busy, volume=dataclasses.replace(busy.volume, mentions=3, authors=3))
    assert busy.volume.usual_low is not None
    assert f"en dessous de votre habitude ({FR.number(busy.volume.usual_low)} à" in lead(few, FR)


def test_one_mention_and_one_night_are_singular(busy: Digest) -> None:
    source = dataclasses.replace(busy.sources[0], source="reddit", mentions=1, previous=30)
    one = dataclasses.replace(
        busy,
        volume=dataclasses.replace(busy.volume, complete=1, nights=7),
        gaps=(Gap("rss", "failed", (ONE_NIGHT,)),),
    )
    told = plain(render.render(one, "fr").text)
    assert "en 1 nuit collectée" in told and "sur 1 nuit complète sur 7" in told
    assert "La presse (flux) n’a pas répondu la nuit du 29 décembre." in told
    fell = dataclasses.replace(busy, sources=(source,), figures={}, peak=None, unusual=(), days=())
    assert "Reddit : 1 mention, contre 30 la semaine précédente." in [plain(move.text) for move in moves(fell, FR)]


def test_an_estimate_good_to_a_factor_of_two_is_compared_in_words(busy: Digest) -> None:
    for share, said in ((5.95, "more"), (1.0, "more"), (0.4, "like"), (-0.29, "like"), (-0.5, "less")):
        reach = dataclasses.replace(busy.figures["reach"], change_share=share)
        assert tiles(dataclasses.replace(busy, figures={"reach": reach}), FR)[3].change == FR.say(f"reach_{said}")
    alone = dataclasses.replace(busy.figures["reach"], change_share=None)
    assert tiles(dataclasses.replace(busy, figures={"reach": alone}), FR)[3].change == ""


def said(source: str, text: str | None) -> Said:
    return Said(source, "post", "negative", text, "https://example.org/1", None, 12, 1, ONE_NIGHT)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("@… @maire.bsky.social Merci à @ville", "« Merci à @ville »"),
        (".@maire  Quelle fête !", "« Quelle fête ! »"),
        ("contact@ville.fr répond", "« contact@ville.fr répond »"),
    ],
)
def test_a_quote_begins_with_its_first_word(text: str, title: str) -> None:
    shown = lines.post(said("bluesky", text), FR)
    assert shown is not None and plain(str(shown["title"])) == title


def test_a_post_that_is_only_linked_says_its_date_once() -> None:
    shown = lines.post(said("x", None), FR)
    assert shown is not None and plain(str(shown["title"])) == "Publication X du mardi 29 décembre"
    assert plain(str(shown["about"])) == "12 vues"


def test_the_sign_of_a_tie_is_explained_where_there_is_one_and_stays_with_its_name(busy: Digest) -> None:
    tied = next(lines.peer(peer, busy, FR) for peer in busy.peers if peer.is_tied and peer.slug != busy.brand)
    assert str(tied["name"]).endswith("\N{NO-BREAK SPACE}≈") and lines.peers_caption(busy, FR)
    apart: list[Peer] = [dataclasses.replace(peer, is_tied=peer.slug == busy.brand) for peer in busy.peers]
    assert lines.peers_caption(dataclasses.replace(busy, peers=tuple(apart)), FR) == ""


def test_a_single_source_and_an_empty_column_are_left_out(busy: Digest) -> None:
    assert FR.say("sources").upper() in render.render(busy, "fr").text
    alone = render.render(dataclasses.replace(busy, sources=busy.sources[:1]), "fr")
    assert FR.say("sources").upper() not in alone.text and f">{FR.say('sources')}<" not in alone.html
    bare = [Source(s.source, s.mentions, None, None, None, None, None, None, None) for s in busy.sources]
    tags = [Tag(t.kind, t.tag, t.share, None, t.mentions, None) for t in busy.tags]
    less = dataclasses.replace(busy, sources=tuple(bare), tags=tuple(tags), peers=(), campaigns=())
    told = render.render(less, "fr")
    told_after = told.text.split("À FAIRE")[1]
    assert f">{FR.say('before')}</th>" not in told.html and "avant" not in told_after and "tonalité" not in told_after


# Sixty seconds on a telephone are about 250 words, of which lists and tables are skimmed.
MOST_WORDS, MEAN_WORDS = 330, 250


def test_a_digest_is_read_in_a_minute() -> None:
    counts = {}
    for path in sorted(GOLDEN.glob("*.txt")):
        main = re.sub(r"https?://\S+", "", path.read_text("utf8").split("\n--\n")[0])
        counts[path.stem] = len(re.findall(r"\w[\w’'.,]*", main))
    assert len(counts) >= 13 and max(counts.values()) <= MOST_WORDS, counts
    assert mean(counts.values()) <= MEAN_WORDS, counts


def test_the_busiest_golden_is_busy() -> None:
    busiest = (GOLDEN / "busy.txt").read_text("utf8")
    wanted = ("moved", "act", "campaign", "tags", "peers", "sources")
    assert [title for title in wanted if FR.say(title).upper() not in busiest] == []
    assert made_weeks.BY_SLUG["busy"].name in busiest
