from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import LanguageIdentifier

from pipeline.score import language, ngrams

LINES = (Path(__file__).parent / "language_gold.tsv").read_text("utf8").splitlines()
GOLD = [line.split("\t") for line in LINES if not line.startswith("#")]


def share(found, wanted):
    return sum(a == b for a, b in zip(found, wanted, strict=True)) / len(wanted)


def test_french_and_english_posts_are_told_apart(umsab, floors):
    texts, wanted = [], []
    for lang in ("fr", "en"):
        for split in ("train", "val"):
            found, _ = umsab(lang, split)
            texts += found
            wanted += [lang] * len(found)
    assert share(language.identify(texts), wanted) >= floors["language_whole_post"]
    starts = [" ".join(language._spoken(text).split()[:5]) for text in texts]
    assert share(language.identify(starts), wanted) >= floors["language_first_five_words"]


def test_other_languages_are_recognised_and_mixed_texts_follow_their_sentence(floors):
    found = language.identify([text for _, text in GOLD])
    assert share(found, [lang.removeprefix("mixed:") for lang, _ in GOLD]) >= floors["language_gold"]


def test_too_few_words_say_nothing():
    texts = [
        "ok",
        "Dijon !",
        "",
        "   ",
        "😍😍😍",
        "@user @user http://x.y #",
        "https://a.b/c https://d.e",
        "12 34 56 78 90",
    ]
    assert language.identify(texts) == [None] * len(texts)


def test_handles_links_and_the_hash_sign_are_not_read():
    plain = "je pars demain en vacances avec mes enfants"
    noisy = "RT @thegreatestever: je pars demain en #vacances avec mes enfants https://the.best/of/all?and=more"
    assert language.identify([plain, noisy]) == ["fr", "fr"]


def test_capitals_do_not_change_the_language():
    assert language.identify(["QUEL BEAU VILLAGE DANS LA MONTAGNE", "WHAT A LOVELY PLACE THIS IS"]) == ["fr", "en"]


def test_a_text_alone_is_read_as_in_a_batch():
    texts = [text for _, text in GOLD]
    shuffled = random.Random(1).sample(texts, len(texts))
    by_text = dict(zip(shuffled, language.identify(shuffled), strict=True))
    assert language.identify(texts) == [by_text[text] for text in texts]
    assert language.identify(texts[:1]) == [by_text[texts[0]]]


def test_the_walk_of_many_gives_the_scores_of_the_walk_of_one():
    model = LanguageIdentifier.from_model_file("data/model.npz.xz")
    model.set_languages(language.EXPECTED)
    texts = [text.lower().encode() for _, text in GOLD]
    found = ngrams.scores(texts, language.EXPECTED)
    assert ngrams.tables(language.EXPECTED).languages == tuple(model.nb_classes)
    for row, text in zip(found, texts, strict=True):
        np.testing.assert_allclose(row, model._raw_score(text), rtol=2e-3, atol=0.5)


@given(st.lists(st.text(st.characters(), max_size=80), max_size=5))
def test_any_text_is_read_without_harm(texts):
    assert len(language.identify(texts)) == len(texts)
