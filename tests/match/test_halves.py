from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline import gazetteer
from pipeline.match import halves
from pipeline.match.lexicon import rules

Accepts = Callable[[str, str], bool]


@pytest.mark.parametrize(
    ("half", "department"),
    [
        ("barneville", "50"),  # Barneville-Carteret; the Barneville of Calvados and Eure are small
        ("saint die", "88"),
        ("hague", "50"),  # how six names of Manche end
        ("bassigny", "52"),
    ],
)
def test_half_a_name_tells_the_departement(half: str, department: str) -> None:
    assert dict(halves.communes())[half].department == department


@pytest.mark.parametrize("half", ["national", "londres", "cheval", "saint jean", "vienne", "cotentin"])
def test_a_word_or_a_whole_name_is_no_half(half: str) -> None:
    assert half not in dict(halves.communes())


def test_no_half_is_a_name_of_the_gazetteer_or_a_word_of_the_lexicon() -> None:
    known = {word for members in rules().classes.values() for word in members}
    assert len(halves.communes()) > 1000
    assert not [half for half, _ in halves.communes() if gazetteer.named(half) or half in known]


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("On dort à Barneville, la Manche est belle", "50", True),
        ("Tempête vue de Barneville : la Manche, ses navires, ses vagues", "50", False),
        ("Le marché de Saint-Dié et celui de Nancy", "88", False),  # a half claims nothing
    ],
)
def test_a_half_is_a_neighbour_and_no_more(accepts: Accepts, text: str, code: str, wanted: bool) -> None:
    assert accepts(text, code) is wanted
