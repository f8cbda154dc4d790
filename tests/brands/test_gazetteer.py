"""The open gazetteer: what it holds, how it is asked, how it is made."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import gazetteer

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "gazetteer_fr.tsv"


def test_every_level_is_there() -> None:
    levels = Counter(place.level for place in gazetteer.places())
    assert levels["region"] == 26
    assert levels["departement"] == 109
    assert levels["commune"] > 34_000
    assert levels["epci"] > 1_200


def test_a_commune_knows_where_it_lies() -> None:
    dijon = gazetteer.territory("21231")
    assert dijon is not None
    assert (dijon.name, dijon.level, dijon.department, dijon.region) == ("Dijon", "commune", "21", "27")
    assert dijon.postcodes == ("21000",)
    assert (dijon.population or 0) > 150_000


def test_a_department_knows_its_article_and_its_seat() -> None:
    manche = gazetteer.territory("50")
    assert manche is not None
    assert (manche.name, manche.article, manche.seat, manche.region) == ("Manche", "la", "50502", "28")


def test_two_characters_name_a_department_first() -> None:
    assert [getattr(gazetteer.territory("75", level), "name", None) for level in (None, "region")] == [
        "Paris",
        "Nouvelle-Aquitaine",
    ]
    assert gazetteer.territory("00000") is None
    assert gazetteer.territory("50", "commune") is None


@pytest.mark.parametrize(("code", "postcode"), [("75056", "75011"), ("69123", "69003"), ("13055", "13008")])
def test_arrondissements_are_folded_into_their_commune(code: str, postcode: str) -> None:
    commune = gazetteer.territory(code)
    assert commune is not None
    assert postcode in commune.postcodes
    assert not any("Arrondissement" in place.name for place in gazetteer.places())


def test_a_metropole_lists_its_communes() -> None:
    (metropole,) = [p for p in gazetteer.places() if p.level == "epci" and p.seat == "21231"]
    assert metropole.name == "Dijon Métropole"
    assert {"21231", "21166", "21617"} <= set(metropole.members)


def test_namesakes_come_the_most_populous_first() -> None:
    assert [place.code for place in gazetteer.named("VIENNE")] == ["86", "38544"]
    assert gazetteer.named("cherbourg en cotentin")[0].code == "50129"
    assert gazetteer.named("nowhere") == ()


def test_communes_of_a_department() -> None:
    names = {place.name for place in gazetteer.communes("50")}
    assert {"Saint-Lô", "Granville", "Barfleur"} <= names
    assert gazetteer.communes("00") == ()


def test_every_part_names_a_whole_that_exists() -> None:
    for place in gazetteer.places():
        assert gazetteer.territory(place.region or "", "region")
        assert place.level == "region" or gazetteer.territory(place.department or "", "departement")
        assert not place.seat or gazetteer.territory(place.seat, "commune")
        assert all(gazetteer.territory(code, "commune") for code in place.members)


def test_the_same_codes_and_names_as_a_second_copy_of_the_open_data() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED.name} (shared/data) is not beside the project")
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    theirs = {(row["level"], row["code"]): row["name"] for row in rows if row["level"] != "epci"}
    ours = {(place.level, place.code): place.name for place in gazetteer.places() if place.level != "epci"}
    assert ours == theirs


def test_generate_writes_what_places_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commune = {"departement": "75", "region": "11", "type": "commune-actuelle", "population": 10}
    sources = {
        "regions": [{"code": "11", "nom": "Île-de-France", "typeLiaison": 1, "chefLieu": "75056"}],
        "departements": [{"code": "75", "nom": "Paris", "typeLiaison": 0, "region": "11", "chefLieu": "75056"}],
        "communes": [
            {**commune, "code": "75056", "nom": "Paris", "typeLiaison": 0, "codesPostaux": ["75001", "75002"]},
            {**commune, "code": "75101", "nom": "Paris 1er Arrondissement", "type": "arrondissement-municipal"},
            {**commune, "code": "75998", "nom": "Old", "type": "commune-deleguee"},
        ],
        "epci": [
            {
                "code": "200",
                "nom": "CA \"Grand 'Nord'\"",
                "populationMunicipale": 10,
                "membres": [{"code": "75056", "populationMunicipale": 10}],
            }
        ],
    }
    for name, rows in sources.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    out = tmp_path / "out.tsv"
    assert gazetteer.generate(tmp_path, out) == 4
    monkeypatch.setattr(gazetteer, "FILE", out)
    places = {place.level: place for place in gazetteer.places.__wrapped__()}
    assert places["commune"].postcodes == ("75001", "75002")
    assert (places["departement"].population, places["region"].population) == (10, 10)
    assert (places["epci"].name, places["epci"].members) == ("Grand 'Nord'", ("75056",))


@given(st.text(st.characters(), max_size=200))
def test_fold_never_fails_and_is_stable(text: str) -> None:
    folded = gazetteer.fold(text)
    assert gazetteer.fold(folded) == folded
    assert "  " not in folded


def test_fold_ignores_how_a_name_is_written() -> None:
    spellings = ("Saint-Étienne-du-Cœur", "SAINT ETIENNE DU COEUR", "saint\u00a0e\u0301tienne-du-cœur")
    assert {gazetteer.fold(one) for one in spellings} == {"saint etienne du coeur"}
    assert gazetteer.fold("L’Haÿ") == gazetteer.fold("l'hay") == "l hay"
