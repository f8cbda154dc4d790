"""Words, numbers and days as their readers write them; text from elsewhere made harmless."""

from __future__ import annotations

import string
import sys
import tomllib
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import collect
from pipeline.errors import ConfigError
from pipeline.report.digest import iso, monday
from pipeline.report.text import line
from pipeline.report.words import CATALOGUE, words
from pipeline.score.image import tags

FR, EN = words("fr"), words("en")


def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    catalogue = tomllib.loads(CATALOGUE.read_text("utf8"))
    assert catalogue["fr"].keys() == catalogue["en"].keys()
    for key, text in catalogue["fr"].items():
        places = [{name for _, name, _, _ in string.Formatter().parse(t) if name} for t in (text, catalogue["en"][key])]
        assert places[0] == places[1], key
    month = {language: catalogue[f"{language}_month"] for language in ("fr", "en")}
    assert month["fr"].keys() == month["en"].keys() <= catalogue["fr"].keys()


def test_a_language_without_catalogue_is_french() -> None:
    assert words("de").language == "fr"


@pytest.mark.parametrize(
    ("french", "english", "value"),
    [
        ("1\u202f113", "1,113", 1113),
        ("−5", "−5", -5),
        ("0", "0", -0.2),
    ],
)
def test_whole_numbers(french: str, english: str, value: float) -> None:
    assert (FR.number(value).replace("−0", "0"), EN.number(value).replace("−0", "0")) == (french, english)


def test_decimals_percentages_and_estimates() -> None:
    assert (FR.decimal(0.214, signed=True), EN.decimal(-0.2, signed=True)) == ("+0,21", "−0.20")
    assert (FR.decimal(-0.001, signed=True), FR.decimal(0.0, signed=True)) == ("0,00", "0,00")
    assert (FR.percent(-0.052, signed=True), EN.percent(0.5, signed=True)) == ("−5\u00a0%", "+50%")
    assert (FR.percent(0.194, 1), EN.percent(0.194, 1)) == ("19,4\u00a0%", "19.4%")
    assert (FR.rough(66929), FR.rough(2_345_000), EN.rough(4432), FR.rough(0)) == (
        "67\u202f000", "2,3\u00a0M", "4,400", "0",
    )  # fmt: skip


def test_days_weeks_and_nights() -> None:
    assert FR.day(date(2026, 4, 9)) == "jeudi 9 avril" and EN.day(date(2026, 4, 9)) == "Thursday 9 April"
    assert FR.day(date(2027, 1, 1), weekday=False) == "1er janvier"
    assert FR.day(date(2026, 4, 11), weekday=False) == "11 avril"
    assert FR.span(date(2026, 4, 6), date(2026, 4, 12)) == "du 6 au 12 avril 2026"
    assert FR.span(date(2026, 6, 29), date(2026, 7, 5)) == "du 29 juin au 5 juillet 2026"
    assert FR.span(date(2026, 12, 28), date(2027, 1, 3)) == "du 28 décembre 2026 au 3 janvier 2027"
    assert FR.nights([date(2026, 3, 17)]) == "la nuit du 17 mars"
    assert FR.nights([date(2026, 3, 17), date(2026, 3, 18)]) == "les nuits du 17 et du 18 mars"
    assert FR.nights([date(2026, 3, 1), date(2026, 3, 2)]) == "les nuits du 1er et du 2 mars"
    assert FR.nights([date(2026, 3, 1), date(2026, 3, 11)]) == "les nuits du 1er et du 11 mars"
    assert EN.nights([date(2026, 3, 1), date(2026, 3, 2)]) == "on the nights of 1 and 2 March"
    assert (FR.short_day(date(2027, 1, 1)), EN.short_day(date(2027, 1, 1))) == ("ven. 1er", "Fri 1")
    assert FR.nights([date(2026, 3, d) for d in (17, 18, 19)]) == "du 17 au 19 mars"
    assert EN.nights([date(2026, 3, 31), date(2026, 4, 2)]) == "on the nights of 31 March and 2 April"


def test_no_mention_one_and_several() -> None:
    assert [FR.mentions(n) for n in (0, 1, 2)] == ["aucune mention", "1 mention", "2 mentions"]
    assert [EN.mentions(n) for n in (0, 1, 2)] == ["no mention", "1 mention", "2 mentions"]


@pytest.mark.parametrize("kind", ["theme", "emotion", "audience"])
def test_every_tag_has_its_word_and_an_unknown_one_keeps_its_name(kind: str) -> None:
    for language in (FR, EN):
        assert [tag for tag in tags(f"{kind}s") if f"{kind}_{tag}" not in language.messages] == []
        assert language.tag(kind, "made up\n") == "made up"


def test_every_source_has_a_name_of_its_own_and_its_article_in_a_sentence() -> None:
    for language in (FR, EN):
        assert [name for name in collect.names() if f"source_{name}" not in language.messages] == []
        assert len({language.source(name) for name in collect.names()}) == len(collect.names())
    assert (FR.the_source("rss"), FR.the_source("bluesky")) == ("la presse (flux)", "Bluesky")


def test_french_signs_stay_on_the_line_of_their_word() -> None:
    for text in FR.messages.values():
        assert not any(f" {sign}" in text for sign in ":;?!»%")


def test_weeks_are_written_as_iso_does_and_a_53rd_only_where_there_is_one() -> None:
    assert monday("2026-W53") == date(2026, 12, 28) and iso(date(2027, 1, 3)) == "2026-W53"
    for wrong in ("2025-W53", "2026-47", "2026-W7", "W47", "2026-W00", "²⁰²⁶-W12", "2026-W４７x", ""):
        with pytest.raises(ConfigError, match="is not an ISO week"):
            monday(wrong)


@given(st.text(), st.integers(10, 200))
def test_a_line_is_one_line_of_visible_characters_and_not_too_long(text: str, longest: int) -> None:
    made = line(text, longest)
    assert len(made) <= longest and "\n" not in made
    assert not any(unicodedata.category(c)[0] == "C" for c in made)


def calls(text: str) -> int:
    """How many calls reading a line takes."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        line(text)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("text", ["a", " \u202e", "\x1b[31m", "\ud800"])
def test_twice_the_text_costs_at_most_twice_the_calls(text: str) -> None:
    assert calls(text * 20_000) <= 2 * calls(text * 10_000) + 100
