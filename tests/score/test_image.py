"""What a text makes one think of a place: floors that may only rise, denials, hostile text, the table of dimensions."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.score import image, mask

HERE = Path(__file__).parent
LINES = [x for x in (HERE / "image_gold.tsv").read_text("utf8").splitlines() if not x.startswith("#")]
GOLD = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]
FLOORS = json.loads((HERE / "image_floors.json").read_text("utf8"))["floors"]


def counted(half: str) -> dict[str, tuple[int, int, int]]:
    """Kind, and kind and tag -> how many were right, told, wanted."""
    rows = [row for row in GOLD if row["half"] == half]
    found = image.read([row["text"] for row in rows], [row["lang"] for row in rows])
    counts: dict[str, tuple[int, int, int]] = {}
    for row, seen in zip(rows, found, strict=True):
        for kind in image.KINDS:
            told, wanted = set(getattr(seen, kind)), set(row[kind].split())
            for tag in told | wanted:
                for name in (kind, f"{kind} {tag}"):
                    right, said, meant = counts.get(name, (0, 0, 0))
                    counts[name] = (
                        right + (tag in told and tag in wanted),
                        said + (tag in told),
                        meant + (tag in wanted),
                    )
    return counts


@pytest.mark.parametrize("half", ["held", "tune"])
def test_no_figure_sinks_under_its_floor(half):
    counts = counted(half)
    for name, (precision, recall) in FLOORS[half].items():
        right, said, meant = counts[name]
        assert (right / said >= precision, right / meant >= recall) == (True, True), (name, right, said, meant)


def test_the_gold_set_is_whole_and_every_tag_is_tried():
    assert len(GOLD) >= 250
    assert sum(row["half"] == "held" for row in GOLD) >= len(GOLD) / 2 - 1
    for kind in image.KINDS:
        assert {tag for row in GOLD for tag in row[kind].split()} == set(image.tags(kind))


def one(text, lang="fr"):
    (seen,) = image.read([text], [lang])
    return seen


def test_a_denied_emotion_is_none():
    assert one("Je suis triste").emotions == ("sadness",)
    for text in ("Je ne suis pas triste", "pas du tout triste", "sans tristesse", "je ne suis plus triste"):
        assert one(text).emotions == ()
    assert one("I am not afraid", "en").emotions == ()


def test_not_only_and_more_deny_nothing():
    assert one("Pas seulement triste, aussi furieux").emotions == ("anger", "sadness")
    assert one("Je suis plus triste que jamais").emotions == ("sadness",)


def test_a_denied_theme_is_still_the_theme():
    assert one("Il n'y a pas de médecin").themes == ("health",)


def test_one_weak_word_tags_nothing_and_two_do():
    assert one("un joli jardin").themes == ()
    assert one("un joli jardin au soleil").themes == ("nature",)
    assert one("jardin, jardin, jardin").themes == ()


def test_a_longer_entry_takes_its_words_from_a_shorter_one():
    assert one("c'est bon marché").themes == ()
    assert one("le ministre est en train de lire").themes == ("governance",)


def test_a_slogan_says_nothing_once_masked():
    slogan = ("Respire et inspire la forêt",)
    assert one("Respire et inspire la forêt").themes == ("nature",)
    assert one(mask("Respire et inspire la forêt !", slogan)) == image.Image()


def test_a_language_without_a_list_is_not_read():
    assert image.read(["qué bonita playa", "plage"], ["es", None]) == [None, None]


def test_the_words_that_decided_are_shown():
    shown = image.evidence("Une randonnée en bord de mer", "fr")
    assert [(e.words, e.told.tag) for e in shown if e.told.kind == "themes"] == [
        ("randonnee", "nature"),
        ("bord de mer", "nature"),
    ]


def test_every_theme_has_its_place_in_each_model():
    table = tomllib.loads((HERE.parents[1] / "pipeline/score/image/dimensions.toml").read_text("utf8"))
    assert sorted(table) == list(image.tags("themes"))
    assert all(set(row) == {"nation", "city", "reptrak", "bloom"} and any(row.values()) for row in table.values())


@given(st.lists(st.text(st.characters(), max_size=200), max_size=4), st.sampled_from(["fr", "en", None, "es"]))
def test_any_text_is_read_without_harm(texts, lang):
    assert len(image.read(texts, [lang] * len(texts))) == len(texts)


@pytest.mark.parametrize("piece", ["pas ", "en bas de ", "é", "\ud800", "forêt ", "z\u0301", "👨‍👩‍👧"])
def test_a_hostile_text_costs_no_more_than_a_long_post(piece):
    image.read([piece], ["fr"])
    begun = time.process_time()
    image.read([piece * (1_000_000 // len(piece))], ["fr"])
    assert time.process_time() - begun < 0.5
