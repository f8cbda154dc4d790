from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.match import cluster_key, near_key

POST = "Le département ouvre un nouveau collège à Saint-Lô, près de la gare, pour la rentrée"


def test_links_accounts_reposts_accents_and_case_do_not_change_the_key() -> None:
    assert cluster_key(POST) == cluster_key(f"RT @quelquun: {POST.upper()} https://example.invalid/x @autre")


def test_other_words_change_the_key() -> None:
    assert cluster_key(POST) != cluster_key(POST.replace("collège", "lycée"))


def test_a_cut_copy_often_keeps_the_near_key() -> None:
    cut = [POST[: len(POST) - n].rsplit(" ", 1)[0] + "…" for n in range(2, 40, 6)]
    assert sum(near_key(one) == near_key(POST) for one in cut) >= len(cut) // 2


def test_texts_that_share_a_phrase_are_no_copies() -> None:
    others = [
        f"{start} à Saint-Lô, près de la gare, {end}"
        for start, end in (("Un café ouvre", "chez deux amis d'enfance"), ("Accident ce matin", "la route est coupée"))
    ]
    assert len({near_key(POST), *map(near_key, others)}) == 3


def test_short_texts_are_copies_word_for_word_only() -> None:
    assert near_key("Bonne nuit Dijon !") == near_key("bonne nuit #Dijon https://example.invalid/x")
    assert near_key("Bonne nuit Dijon") != near_key("Bonne nuit à Dijon")


@given(st.text(), st.sampled_from(["RT @quelquun: {}", "{} https://example.invalid/x", "{} @autre"]))
def test_copies_word_for_word_share_the_near_key(text: str, dressed: str) -> None:
    assert (cluster_key(dressed.format(text)) != cluster_key(text)) or near_key(dressed.format(text)) == near_key(text)


@given(st.text())
def test_keys_fit_a_signed_64_bit_integer(text: str) -> None:
    assert 0 <= cluster_key(text) < 1 << 63
    assert 0 <= near_key(text) < 1 << 63
