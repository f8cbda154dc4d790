"""Where a target stands in a text, however it is written."""

from __future__ import annotations

import json

import pytest

from pipeline.steps.lines import Line, Skipped, _span, parse, sentiment_lines


@pytest.mark.parametrize(
    ("text", "target", "words"),
    [
        ("Vive la HAUTE-MARNE !", "Haute Marne", "HAUTE-MARNE"),
        ("À Périgueux ce soir", "perigueux", "Périgueux"),
        ("Le cœur de Marcq-en-Barœul", "marcq en baroeul", "Marcq-en-Barœul"),
        ("😀😀 l’Yonne", "yonne", "Yonne"),
    ],
)
def test_a_target_is_found_as_people_write_it(text: str, target: str, words: str) -> None:
    start, end = _span(text, target)
    assert text[start:end] == words


@pytest.mark.parametrize("target", ["Bar", "", "(", "…"])
def test_a_target_that_is_not_there_is_nowhere(target: str) -> None:
    assert _span("Marcq-en-Barœul", target) == (0, 0)


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
