"""Where a target stands in a text, however it is written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.lines import ABSENT, Line, Skipped, parse, sentiment_lines
from pipeline.steps.targets import span


@pytest.mark.parametrize(
    ("text", "target", "words"),
    [
        ("Vive la HAUTE-MARNE !", "Haute Marne", "HAUTE-MARNE"),
        ("À Périgueux ce soir", "perigueux", "Périgueux"),
        ("Le cœur de Marcq-en-Barœul", "marcq en baroeul", "Marcq-en-Barœul"),
        ("😀😀 l’Yonne", "yonne", "Yonne"),
        ("J'aime la #HauteMarne", "Haute-Marne", "HauteMarne"),
        ("Vu sur #lahautemarne", "Haute-Marne", "hautemarne"),
        ("Un tour en Haute-Marne", "#HauteMarne", "Haute-Marne"),
        ("#VisitDijon ce week-end", "Dijon", "Dijon"),
        ("Vu à Saint_Lô", "Saint-Lô", "Saint_Lô"),
        ("On part à St-Lô", "Saint-Lô", "St-Lô"),
        ("Un dimanche à Saint-Lô", "St. Lô", "Saint-Lô"),
        ("24 heures au Mans", "Le Mans", "Mans"),
        ("Le maire des Herbiers", "Les Herbiers", "Herbiers"),
        ("Un port : dans un havre, Le Havre", "Le Havre", "Le Havre"),
        ("Un été en Vendée", "La Vendée", "Vendée"),
    ],
)
def test_a_target_is_found_as_people_write_it(text: str, target: str, words: str) -> None:
    found = span(text, target)
    assert found is not None
    assert text[slice(*found)] == words


@pytest.mark.parametrize("target", ["Bar", "", "(", "…", "Le Havre", "Ain"])
def test_a_target_that_is_not_there_is_nowhere(target: str) -> None:
    assert span("Marcq-en-Barœul, un havre, #demain, #DEMAIN", target) is None


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_target_is_looked_for_without_harm(text: str, target: str) -> None:
    found = span(text, target)
    assert found is None or 0 <= found[0] < found[1] <= len(text)


def answered(line: dict[str, object]) -> dict[str, object]:
    [answer] = sentiment_lines([json.dumps(line).encode()], "fast")
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("target", ["Troyes", "", "…"])
def test_a_target_that_is_not_there_is_not_judged_and_the_text_is(target: str) -> None:
    answer = answered({"id": 1, "text": "Dijon est une ville magnifique", "target": target})
    assert (answer["label"], answer["toward"], answer["why"]) == ("positive", None, ABSENT)


def test_a_target_in_a_hashtag_is_judged() -> None:
    answer = answered({"id": 1, "text": "Cette région est superbe, j'adore la #HauteMarne", "target": "Haute-Marne"})
    assert answer["toward"] == "positive"
    assert "why" not in answer


@pytest.mark.parametrize("tag", ["FR", "fr-FR", "fr_ca", " fr ", "", "und", None])
def test_a_tag_of_french_is_read_however_it_is_written(tag: str | None) -> None:
    answer = answered({"id": 1, "text": "Dijon est une ville magnifique", "lang": tag})
    assert (answer["lang"], answer["label"]) == ("fr", "positive")


def test_a_mark_of_byte_order_before_the_first_line_is_passed_over() -> None:
    raw = '{"id": 1, "text": "a"}'.encode("utf-8-sig")
    first, second = parse([raw, raw])
    assert (first, isinstance(second, Skipped)) == (Line(1, "a"), True)


@pytest.mark.parametrize(
    ("text", "read"),
    [("Dijon \ud83d", "Dijon \ufffd"), ("\udc00 😀 \ud800", "\ufffd 😀 \ufffd"), ("\\ud800 \ud800", "\\ud800 \ufffd")],
)
def test_half_an_emoji_is_replaced_and_the_line_read(text: str, read: str) -> None:
    assert list(parse([json.dumps({"id": 1, "text": text}).encode()])) == [Line(1, read)]


def test_lines_that_are_no_lines_are_skipped_with_their_number() -> None:
    read = list(parse([b'{"id": 1, "text": "a"}', b"", b"\xff\xfe", b"[]", b'{"id": 2}', b'{"id": "x", "text": "b"}']))
    assert [r.line if isinstance(r, Skipped) else r.id for r in read] == [1, 3, 4, 5, "x"]
    assert isinstance(read[0], Line)


@pytest.mark.parametrize("target", [None, "La Haute-Marne", "Haute-Marne respire et inspire"])
@pytest.mark.parametrize("tier", ["fast", "accurate"])
def test_what_a_brand_says_of_itself_is_no_tone(target: str | None, tier: str) -> None:
    line = {"id": 1, "text": "La Haute-Marne respire et inspire ! #RespirezInspirez", "target": target}
    own = ("La Haute-Marne respire et inspire", "RespirezInspirez")
    [answer] = sentiment_lines([json.dumps(line).encode()], tier, own)
    assert isinstance(answer, dict)
    assert answer["label"] == "neutral"
    assert answer.get("toward", "neutral") == "neutral"
