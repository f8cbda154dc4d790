from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.fold import fold
from pipeline.match.reading import read


def folded(text: str) -> list[str]:
    return [word.folded for word in read(text)]


def test_hashtags_are_taken_apart_at_capitals_digits_and_underscores() -> None:
    assert folded("#HauteMarne #RCLens #Nice06 #dijon_metropole #SaintVaastLaHougue") == [
        "haute", "marne", "rc", "lens", "nice", "06", "dijon", "metropole", "saint", "vaast", "la", "hougue",
    ]  # fmt: skip


def test_links_and_domains_hold_no_words_and_accounts_stay_whole() -> None:
    assert folded("voir https://www.tours.fr/lens et dijon.fr par @Ville_Dijon, merci") == [
        "voir", "et", "par", "@ville_dijon", "merci",
    ]  # fmt: skip


def test_a_sentence_does_not_end_after_an_abbreviation() -> None:
    assert [word.folded for word in read("M. Bourges parle. Lens écoute") if word.breaks] == ["m", "lens"]


def test_a_hashtag_belongs_to_the_phrase_behind_a_small_word_only() -> None:
    assert [word.soft for word in read("maire de #Lens")][1:] == [True, True]
    assert read("les vacances #Tours")[-1].soft is False


@given(st.text())
def test_words_stand_in_the_original_text_in_order(text: str) -> None:
    last = 0
    for word in read(text):
        assert last <= word.start < word.end <= len(text)
        assert word.folded.replace("_", "") in fold(text[word.start : word.end]).replace("_", "")
        last = word.start
