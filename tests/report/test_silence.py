"""A night on which nobody speaks where ten speak as a rule: the alert and the digest say so, in good French."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import warehouse
from pipeline.model import Brand
from pipeline.report import alert, reading, render
from pipeline.report.alert import Alert
from pipeline.report.digest import Digest
from pipeline.report.lead import lead
from pipeline.report.moved import moves
from pipeline.report.words import words
from tests.warehouse import story

FIRST, MONDAY = date(2026, 2, 2), date(2026, 4, 27)
SILENT = date(2026, 4, 30)
SUNDAY = date(2026, 5, 3)
DIJON = Brand("dijon", "Just Dijon", "Dijon", "21231", "commune")
FR, EN = words("fr"), words("en")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirteen weeks of twelve mentions a night from the sample, one night of the last of them without any."""
    home, store = tmp_path_factory.mktemp("silence"), story.Store()
    for offset in range((SUNDAY - FIRST).days + 1):
        night = FIRST + timedelta(days=offset)
        story.night(store, night)
        for place in range(0 if night == SILENT else 12):
            key = 100 * offset + place + 1
            story.post(store, key, night, author_key=key)
            story.mention(store, key, "dijon")
    now = story.moment(SUNDAY)
    warehouse.build(home, store, [DIJON], story.LEGAL, night=SUNDAY, now=now, code_version="test")
    return warehouse.publish(home, night=SUNDAY, now=now).path


@pytest.fixture(scope="module")
def silence(published: Path) -> Alert:
    found = alert.read(published, DIJON, SILENT)
    assert found is not None and found.odd.observed == 0
    return found


@pytest.fixture(scope="module")
def week(published: Path) -> Digest:
    return reading.read(published, DIJON, MONDAY)


def test_the_alert_of_a_silent_night_says_it_in_words_and_that_the_sample_is_fiction(silence: Alert) -> None:
    french, english = alert.render(silence, "fr"), alert.render(silence, "en")
    assert french.subject == "Just Dijon · alerte du jeudi 30 avril · aucune mention"
    assert "Aucune mention ce jour-là, contre 12 d’habitude" in french.text and "en ont parlé" not in french.text
    assert "No mention that day, against 12 as a rule" in english.text and "spoke of it" not in english.text
    for made, title in ((french, FR.say("fiction_title")), (english, EN.say("fiction_title"))):
        assert title in made.text and title in made.html


@pytest.mark.parametrize(
    ("mentions", "authors", "french", "english"),
    [
        (1, 1, "1 mention ce jour-là, contre 12 d’habitude", "1 mention that day"),
        (3, 1, "1 auteur en a parlé.", "1 author spoke of it."),
        (3, 2, "2 auteurs en ont parlé.", "2 authors spoke of it."),
    ],
)
def test_one_author_takes_a_singular_verb(
    silence: Alert, mentions: int, authors: int, french: str, english: str
) -> None:
    odd = dataclasses.replace(silence.odd, observed=float(mentions), authors=authors)
    told = dataclasses.replace(silence, odd=odd)
    assert french in alert.render(told, "fr").text and english in alert.render(told, "en").text


def test_the_digest_of_that_week_tells_the_silent_night(week: Digest) -> None:
    first = lead(week, FR)
    assert first.startswith("Semaine habituelle") and "mais aucune mention le jeudi 30 avril" in first.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    told = [move.text for move in moves(week, FR)]
    assert told[0].startswith("Jeudi 30 avril, aucune mention contre 12 d’habitude.")
    assert "pas une panne" in told[0] and FR.say("moved_nothing") not in told
    made = render.render(week, "en")
    assert "but no mention on Thursday 30 April" in made.text and "Fictional data." in made.text


def test_several_low_nights_are_told_in_one_sentence_the_lowest_with_its_figures(week: Digest) -> None:
    (low,) = week.unusual
    nights = [date(2026, 5, 1), date(2026, 5, 3)]
    others = [dataclasses.replace(low, night=night, observed=2.0) for night in nights]
    told = moves(dataclasses.replace(week, unusual=(*others, low)), FR)[0].text
    assert told.startswith("Jeudi 30 avril, aucune mention") and told.endswith("De même les nuits du 1er et du 3 mai.")


def test_a_source_that_left_is_told_as_a_change_of_measure_and_not_in_the_first_sentence(week: Digest) -> None:
    (low,) = week.unusual
    left = dataclasses.replace(week, unusual=(dataclasses.replace(low, cause="definition"),))
    assert "aucune mention" not in lead(left, FR)
    assert "c’est la mesure qui change" in moves(left, FR)[0].text


def test_fiction_is_asked_of_the_nights_listened_to_not_of_the_posts(published: Path) -> None:
    assert reading.is_fictional(published, "dijon", SILENT, SILENT)
    assert not reading.is_fictional(published, "dijon", SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=9))
    assert not reading.is_fictional(published, "troyes", SILENT, SILENT)
