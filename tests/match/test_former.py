from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import gazetteer
from pipeline.match import former

Accepts = Callable[[str, str], bool]


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("Portbail : la foire de la Manche", "50", True),  # Port-Bail-sur-Mer since 2019
        ("Vent fort sur Portbail et sur la Manche", "50", False),
        ("Le comice de Sartilly, en Manche", "50", True),
        ("Couhé - Vienne", "86", True),
    ],
)
def test_a_former_commune_is_a_neighbour(accepts: Accepts, text: str, code: str, wanted: bool) -> None:
    assert accepts(text, code) is wanted


def test_each_lies_in_a_commune_of_today_that_does_not_bear_its_name() -> None:
    names = former.communes()
    assert len(names) > 2000
    assert not [name for name, place in names if gazetteer.named(name) or place.level != "commune"]


def test_a_name_that_tells_no_departement_is_left_out(tmp_path: Path) -> None:
    old = {"type": "commune-deleguee", "departement": "50", "chefLieu": "50412"}
    rows = [
        {**old, "nom": "Portbail"},
        {**old, "nom": "Dijon"},  # a commune of today
        {**old, "nom": "Boulogne"},  # what Boulogne-Billancourt is called
        {**old, "nom": "Moulin-Neuf-la-Ville"},
        {**old, "nom": "Moulin-Neuf-la-Ville", "departement": "61"},
        {**old, "nom": "Paris 1er", "type": "arrondissement-municipal"},
    ]
    (tmp_path / "communes.json").write_text(json.dumps(rows), "utf-8")
    out = tmp_path / "former.tsv"
    assert former.generate(tmp_path, out) == 1
    assert out.read_text("utf-8") == "name\tcode\nPortbail\t50412\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Voeux 2018 à #troyeschampagnemetropole", "10387"),
        ("#TroyesChampagneMétropole vote son budget", "10387"),
        ("Au conseil de #ToursMetropoleValdeLoire", "37261"),
    ],
)
def test_the_hashtag_of_an_intercommunality_names_its_town(accepts: Accepts, text: str, code: str) -> None:
    assert accepts(text, code)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Salon de la Haye-du-Puits : la Manche", True),
        ("Le parc éolien : une brise sur la Manche", False),  # Le Parc is a village of Manche
        ("La Manche vue de #lehavre", False),  # one word of the text, two of the name
    ],
)
def test_a_neighbour_with_an_article_has_its_capital_behind_it(accepts: Accepts, text: str, wanted: bool) -> None:
    assert accepts(text, "50") is wanted
