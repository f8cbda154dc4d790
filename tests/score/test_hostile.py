"""Hostile posts: what one costs is counted in function calls, not seconds, so that a slow machine cannot fail it."""

import sys

import pytest

from pipeline.score import Asked, language, mask, read

LONG = 100_000
OWN_WORDS = ("La Haute-Marne respire et inspire", "Just Dijon")
POSTS = {
    "letters": "a",
    "words": "dijon ",
    "praise": "superbe ",
    "emoji": "😍",
    "family": "👨‍👩‍👧‍👦",
    "zalgo": "Z̸̢̛̗̖͖̈́̕a̴",
    "right to left": "مدينة جميلة ",
    "marks": "\u202e\u200d\u200b",
    "surrogates": "\ud800x",
    "capitals": "SCANDALE HONTEUX ",
    "links": "https://exemple.fr/a ",
    "handles": "@u_1 ",
    "hashtags": "#dijon",
    "hyphens": "la-haute-",
    "slogan cut": "La Haute-Marne respire et ",
    "quotes": "« ",
    "commas": ", ",
    "negations": "ne pas ",
    "colons": "http:",
    "at signs": "@",
    "nul": "\x00",
    "ligatures": "œﬁ",
    "contrast": "mais que ",
}


def calls(text, tier="fast"):
    """Function calls, Python's and C's, of reading one mention."""
    count = 0

    def one_more(frame, event, arg):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(one_more)
    try:
        read([Asked(text, 0, 5, OWN_WORDS, lang="fr"), Asked(text, 0, 5, OWN_WORDS, lang="en")], tier)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", POSTS)
def test_a_post_of_100_000_characters_is_read(name):
    text = (POSTS[name] * LONG)[:LONG]
    found = read([Asked(text, 50_000, 50_005, OWN_WORDS, lang="fr")], "fast")[0]
    assert found.label is not None
    assert language.identify([text])
    assert len(mask(text, OWN_WORDS)) <= 4 * LONG


@pytest.mark.parametrize("name", POSTS)
def test_twice_the_text_costs_at_most_twice(name):
    text = (POSTS[name] * 4000)[:4000]
    calls(text)  # words met for the first time cost more
    calls(text * 2)
    assert calls(text * 2) <= 2.2 * calls(text) + 200
