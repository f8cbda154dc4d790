import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipeline.score.sentiment import vader

ORIGINAL = SentimentIntensityAnalyzer()
EXAMPLES = [
    "VADER is VERY SMART, uber handsome, and FRIGGIN FUNNY!!!",
    "VADER is not smart, handsome, nor funny.",
    "At least it isn't a horrible book.",
    "The plot was good, but the characters are uncompelling and the dialog is not great.",
    "Catch utf-8 emoji such as 💘 and 💋 and 😁",
    "😍 so happy😊😊no joy here",
    "kind of bad, sort of good, just enough fun",
    "never so good, without doubt the shit, to die for",
    "no good nor bad, no fun at all, yeah right",
    "but but good but bad",
    "",
    "   ",
]


def same(text):
    found = vader.polarity(text)
    wanted = ORIGINAL.polarity_scores(text)
    return list(found) == [wanted["neg"], wanted["neu"], wanted["pos"], wanted["compound"]]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_rules_of_the_original_hold(text):
    assert same(text)


def test_scores_equal_the_original_on_real_posts(umsab):
    for split in ("train", "val"):
        texts, _ = umsab("en", split)
        assert [text for text in texts if not same(text)] == []


WORDS = st.sampled_from(
    [
        "good",
        "bad",
        "not",
        "never",
        "no",
        "but",
        "kind",
        "of",
        "very",
        "so",
        "least",
        "at",
        "the",
        "GREAT",
        "horrible",
        "😍",
        "💔",
        ",",
        "!",
        "?",
        ":)",
        "without",
        "doubt",
    ]
)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_scores_equal_the_original_on_words_that_meet_its_rules(text):
    assert same(text)


@given(st.text(max_size=120))
def test_scores_equal_the_original_on_any_text(text):
    assert same(text)


def test_a_hostile_text_costs_no_more_than_its_bounds():
    def calls(text):
        count = 0

        def one_more(frame, event, arg):
            nonlocal count
            count += 1

        sys.setprofile(one_more)
        try:
            vader.polarity(text)
        finally:
            sys.setprofile(None)
        return count

    vader.polarity("warm up")
    assert calls("😍" * 100_000) <= 1.05 * calls("😍" * 50_000)
    assert calls("good " * 400) <= 2.2 * calls("good " * 200)
