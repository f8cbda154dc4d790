"""The names found in a text, against a slow reference that shares no code with the matcher."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import match
from pipeline.match import Matcher
from pipeline.match.reading import read
from pipeline.model import Brand

NAMES = ("Manche", "Vienne", "Haute-Vienne", "Lens", "Tours", "Le Mans", "Saint-Lô", "Marcq-en-Barœul", "Nancy")
ALONE = {"manche", "vienne", "haute vienne", "lens", "tours", "le mans", "saint lo", "marcq en baroeul", "nancy"}
# Pieces that meet each other in every order: names, their parts, the names of places that hold them, and noise.
PIECES = (*NAMES, "Haute", "la", "Saint", "Le", "en", "-", "’", " ", ", ", "\n", "Vandœuvre-lès-Nancy", "LENS",
          "vienne", "Fouquières-lès-Lens", "e\u0301", "🙂", "@Lens", "1", "É", "manches", "Tourst", "œ")  # fmt: skip


def brand(name: str) -> Brand:
    return Brand(name, name, name, None, "commune", places=(name,))


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return match.compile_catalogue([brand(name) for name in NAMES])


def plain(text: str) -> list[str]:
    """Folded words, the slow way: decompose, drop marks, and cut at everything that is no letter, digit, @ or _."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    kept = "".join(c for c in letters if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return "".join(c if c.isalnum() or c in "@_" else " " for c in kept).split()


def reference(text: str, known: dict[tuple[str, ...], bool]) -> list[str]:
    """Leftmost, then longest, never overlapping, trying every phrase at every word."""
    words, found, position = plain(text), [], 0
    while position < len(words):
        sizes = [
            n for n in range(1, 9) if tuple(words[position : position + n]) in known and position + n <= len(words)
        ]
        if sizes:
            found.append(" ".join(words[position : position + max(sizes)]))
        position += max(sizes, default=1)
    return found


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_names_are_those_a_slow_reference_finds(matcher: Matcher, text: str) -> None:
    known = {phrase: bool(name.claims) for phrase, name in matcher.names.by_words.items()}
    found = [" ".join(one.name.words) for one in matcher.names.find(read(text)) if one.name.claims]
    assert found == [name for name in reference(text, known) if name in ALONE]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from((*PIECES, "#", "#RC", "#ville")), max_size=12).map("".join))
def test_the_gate_never_shuts_out_a_mention(matcher: Matcher, text: str) -> None:
    claimed = [one for one in matcher.names.find(read(text)) if one.name.claims]
    assert matcher.touches(text) or not claimed


@given(st.text())
def test_any_text_is_read_without_a_crash_and_offsets_hold_the_name(matcher: Matcher, text: str) -> None:
    for one in matcher.mentions(f"{text} à Lens {text}"):
        assert 0 <= one.start < one.end <= 2 * len(text) + 8
    assert "".join(f"{text} à Lens"[-4:]) == "Lens"


def test_offsets_are_those_of_the_original_text(matcher: Matcher) -> None:
    text = "🙂 cœur œuvré, St-Lo\u0302 !"
    (one,) = [m for m in matcher.mentions(text) if m.brand == "Saint-Lô"]
    assert text[one.start : one.end] == "St-Lo\u0302"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("à ST LO ce soir", "Saint-Lô"),
        ("il vit au Mans", "Le Mans"),
        ("#SaintLo", "Saint-Lô"),
        ("#lemans", "Le Mans"),
        ("#villedelens en fête", "Lens"),
        ("à MARCQ EN BAROEUL", "Marcq-en-Barœul"),
        ("à Marcq-en-Barœul", "Marcq-en-Barœul"),
    ],
)
def test_a_name_is_found_however_it_is_written(matcher: Matcher, text: str, name: str) -> None:
    assert [one.brand for one in matcher.mentions(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "@Lens",
        "https://lens.fr/tours",
        "contact@lens.fr",
        "valenciennes",
        "Vandœuvre-lès-Nancy",
        "dimanche",
        "Tours-en-Vimeu",
    ],
)
def test_a_name_inside_something_else_is_not_found(matcher: Matcher, text: str) -> None:
    assert matcher.mentions(text) == []


def test_a_longer_claimed_name_wins_over_the_one_inside(matcher: Matcher) -> None:
    assert [one.brand for one in matcher.mentions("en Haute-Vienne")] == ["Haute-Vienne"]
