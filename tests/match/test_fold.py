from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.fold import fold, fold_bytes, fold_with_origins, words


def test_accents_case_hyphens_apostrophes_and_ligatures_do_not_matter() -> None:
    assert words("Saint-Dié-des-Vosges") == words("SAINT DIE DES VOSGES") == ("saint", "die", "des", "vosges")
    assert words("L’Haÿ-les-Roses") == words("l'hay les roses")
    assert words("Marcq-en-Barœul") == ("marcq", "en", "baroeul")
    assert words("Pe\u0301rigueux") == ("perigueux",)
    assert words("Straße") == ("strasse",)


@given(st.text())
def test_bytes_fold_as_text_does(text: str) -> None:
    folded = "".join(c if c.isascii() else "@" for c in fold(text))
    assert fold_bytes(text).decode("ascii").split() == folded.split()


@given(st.text())
def test_each_folded_letter_knows_where_it_comes_from(text: str) -> None:
    folded, places = fold_with_origins(text)
    assert folded == fold(text)
    assert len(places) == len(folded) + 1
    assert all(fold(text[place])[:1] for place in places[:-1])
    assert list(places) == sorted(places)


def test_lone_surrogates_and_nul_do_not_break_anything() -> None:
    assert words("a\ud800b\x00c") == ("a", "b", "c")
    assert fold_bytes("\udfff\x00Dijon").split() == [b"dijon"]
