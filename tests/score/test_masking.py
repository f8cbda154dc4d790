import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.score import mask
from pipeline.score.folding import fold, fold_with_positions
from pipeline.score.masking import OWN, says_nothing

SLOGAN = "La Haute-Marne respire et inspire"
OWN_WORDS = (SLOGAN, "Just Dijon", "#jevoislavieenvosges", "@justdijon", "L'Aube, cœur battant")


@pytest.mark.parametrize(
    "written",
    [
        "La Haute-Marne respire et inspire",
        "LA HAUTE MARNE RESPIRE ET INSPIRE",
        "la haute‑marne réspire et inspire",
        "#LaHauteMarneRespireEtInspire",
        "#HauteMarneRespireEtInspire",
        unicodedata.normalize("NFD", "#JeVoisLaVieEnVosges"),
        "just-dijon",
        "@JustDijon",
        "l’aube coeur battant",
        "L'AUBE, CŒUR BATTANT",
        "Just\u200b Dijon",
    ],
)
def test_own_words_are_hidden_however_they_are_written(written):
    assert mask(f"Vu hier : {written} !", OWN_WORDS) == f"Vu hier : {OWN} !"


def test_words_that_only_hold_own_words_stay():
    assert mask("Justement Dijonnais", OWN_WORDS) == "Justement Dijonnais"


def test_handles_and_links_become_those_of_the_training_texts():
    assert mask("@someone.bsky.social voir https://a.b/c?d=e www.x.fr", ()) == "@user voir http http"


def test_an_address_of_mail_is_no_handle():
    assert "@user" not in mask("écrire à moi@exemple.fr", ())


def test_a_slogan_alone_says_nothing_and_a_word_beside_it_does():
    assert says_nothing(mask(f"{SLOGAN} !!! #HauteMarneRespireEtInspire https://t.co/x @user", OWN_WORDS))
    assert not says_nothing(mask(f"{SLOGAN}, bof", OWN_WORDS))
    assert not says_nothing(mask(f"{SLOGAN} 😍", OWN_WORDS))


@given(st.text(st.characters()))
def test_folding_keeps_the_way_back(text):
    folded, positions = fold_with_positions(text)
    assert folded == fold(text)
    assert len(positions) == len(folded) + 1
    assert list(positions) == sorted(positions)
    assert positions[len(folded)] == len(text)


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_is_masked_without_harm(before, after):
    assert SLOGAN not in mask(f"{before} {SLOGAN} {after}", OWN_WORDS)
    assert mask(before, ()).count(OWN) <= before.count(OWN)
