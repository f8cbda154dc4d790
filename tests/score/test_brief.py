"""Posts of a word or two: the language of their praise and blame, or their signs alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.score import Asked, brief, read

LINES = (Path(__file__).parent / "language_gold.tsv").read_text("utf8").splitlines()
GOLD = [line.split("\t") for line in LINES if not line.startswith("#")]
OTHERS = [(lang, text) for lang, text in GOLD if lang.removeprefix("mixed:") not in {"fr", "en"}]


def told(text, place="Dijon", **more):
    start = text.lower().index(place.lower())
    return read([Asked(text, start, start + len(place), **{"own_words": (), **more})], "fast")[0]


@pytest.mark.parametrize(
    ("text", "lang", "label"),
    [
        ("Dijon = nul", "fr", "negative"),
        ("BRAVO DIJON", "fr", "positive"),
        ("Magnifique Dijon !", "fr", "positive"),
        ("Vive Dijon !", "fr", "positive"),
        ("Dijon pas top", "fr", "negative"),
        ("@user merci #Dijon https://a.b/c", "fr", "positive"),
        ("Beautiful Dijon!", "en", "positive"),
        ("Dijon sucks", "en", "negative"),
    ],
)
def test_a_word_of_one_lexicon_tells_the_language(text, lang, label):
    found = told(text)
    assert (found.lang, found.label) == (lang, label)


def test_the_words_of_a_place_s_name_are_not_counted_as_words_of_the_post():
    assert told("Bravo Saint-Lô", "Saint-Lô").lang == "fr"
    assert told("Love la Haute-Marne", "Haute-Marne").lang != "en"  # two words in English and French


@pytest.mark.parametrize(
    "text",
    [
        "Horrible Dijon",
        "Super Dijon",
        "Passion Dijon",
        "Dijon fantastico",
        "Dijon hermosa",
        "Con Dijon",
        "Danke Dijon",
        "Dijon !",
    ],
)
def test_a_word_of_both_lexicons_or_of_another_language_tells_nothing(text):
    found = told(text)
    assert (found.lang, found.label, found.toward) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "label"),
    [("Dijon 🤮", "negative"), ("❤️ Dijon", "positive"), ("Dijon :(", "negative"), ("Dijon 😍😡", "neutral")],
)
def test_a_place_and_signs_are_judged_by_the_signs_and_have_no_language(text, label):
    found = told(text)
    assert (found.lang, found.label, found.toward, found.scorer) == (None, label, label, "signs/1+signs/1")


def test_two_words_of_another_language_are_seldom_taken_for_french_or_english():
    # Pairs of neighbours in our own sentences: "restaurant" and "grande" are French words too.
    pairs = [pair for lang, text in OTHERS for pair in pairwise(text.lower().split())]
    taken = sum(brief.speaks(" ".join(pair)) is not None for pair in pairs)
    assert len(pairs) > 300
    assert taken <= 0.02 * len(pairs)


def test_signs_that_say_nothing_and_signs_beside_unknown_words_are_not_scored():
    assert [told(text).label for text in ("Dijon 🚆", "Dijon gare 😍", "Dijon 2026 😍")] == [None] * 3


def test_signs_beside_two_places_judge_the_post_and_neither_place():
    found = told("Dijon 😍 Troyes", others=((8, 14),))
    assert (found.label, found.toward) == ("positive", None)


def test_what_a_brand_says_of_itself_tells_no_language():
    assert told("Magnifique Dijon 😍", own_words=("Magnifique",)).scorer == "signs/1+signs/1"


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=4))
def test_any_text_and_any_spans_are_read_without_harm(text, places):
    bare = brief.outside(text, places, ("Just Dijon",))
    assert brief.speaks(bare) in {None, "fr", "en"}
    likely = brief.signs(bare)
    assert likely is None or sum(likely) == pytest.approx(1)
