"""Catalogues: the brand files, the national one, or another folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import brands, gazetteer
from pipeline.brands import forms
from pipeline.errors import ConfigError
from pipeline.model import Brand


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Brand]:
    return {brand.slug: brand for brand in brands.catalogue("national", tmp_path_factory.mktemp("none"))}


def test_brands_are_those_of_the_folder(folder: Path) -> None:
    assert brands.catalogue("brands", folder) == brands.load(folder)


def test_a_path_is_another_folder_or_one_file(folder: Path, tmp_path: Path) -> None:
    assert brands.catalogue(str(folder), tmp_path / "absent") == brands.load(folder)
    assert [b.slug for b in brands.catalogue(str(folder / "troyes.toml"), tmp_path)] == ["troyes"]


def test_an_unknown_catalogue_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="write brands, national, or the path"):
        brands.catalogue("nationale", tmp_path)


def test_the_national_catalogue_names_every_level(national: dict[str, Brand]) -> None:
    assert {brand.level for brand in national.values()} == {"region", "departement", "commune"}
    manche = national["departement-50-manche"]
    assert (manche.name, manche.territory, manche.places, manche.insee) == ("Manche", "Manche", ("Manche",), "50")
    assert national["commune-21231-dijon"].insee == "21231"
    assert national["region-27-bourgogne-franche-comte"].hashtags == ("bourgognefranchecomte",)
    assert national["commune-2a004-ajaccio"].insee == "2A004"


def test_the_national_catalogue_holds_every_large_commune(national: dict[str, Brand]) -> None:
    large = {p.code for p in gazetteer.places() if p.level == "commune" and (p.population or 0) > 20_000}
    assert {brand.insee for brand in national.values() if brand.level == "commune"} == large


def test_every_inhabited_territory_stands_once(national: dict[str, Brand]) -> None:
    paris = [slug for slug in national if slug.endswith("-paris")]
    guadeloupe = [slug for slug in national if slug.endswith("-guadeloupe")]
    assert (paris, guadeloupe) == (["commune-75056-paris"], ["departement-971-guadeloupe"])
    assert len({(brand.level, brand.insee) for brand in national.values()}) == len(national)
    inhabited = [p for p in gazetteer.places() if p.level == "departement" and p.population]
    listed = {brand.insee for brand in national.values() if brand.level == "departement"}
    assert {p.code for p in inhabited} - listed == {"75", "978"}


def test_national_slugs_fit_the_store_and_are_no_brand_files(national: dict[str, Brand]) -> None:
    assert all(len(slug) <= forms.LONGEST_SLUG for slug in national)
    assert all(forms.SLUG.fullmatch(slug) and forms.NATIONAL_SLUG.match(slug) for slug in national)


def test_national_peers_are_five_others_of_the_level(national: dict[str, Brand]) -> None:
    for brand in national.values():
        assert len(set(brand.peers)) == 5
        assert brand.slug not in brand.peers
        assert {national[peer].level for peer in brand.peers} == {brand.level}
    assert "departement-14-calvados" in national["departement-50-manche"].peers


def test_brand_files_lend_what_they_know_of_the_name(folder: Path) -> None:
    dijon = next(b for b in brands.catalogue("national", folder) if b.insee == "21231")
    assert [sense.name for sense in dijon.senses] == ["la moutarde", "le club"]
    assert (dijon.context, dijon.inhabitants) == (("Côte-d'Or", "21000"), ("Dijonnais",))
    assert (dijon.names, dijon.taglines, dijon.hashtags, dijon.owned) == ((), (), (), ())


def test_a_sense_of_a_tagline_alone_is_not_lent(folder: Path) -> None:
    text = (folder / "just-dijon.toml").read_text("utf-8").replace('of = ["Dijon"]', 'of = ["JustDijon"]')
    (folder / "just-dijon.toml").write_text(text, "utf-8")
    dijon = next(b for b in brands.catalogue("national", folder) if b.insee == "21231")
    assert [sense.name for sense in dijon.senses] == ["le club"]


def test_a_broken_folder_is_said_even_for_the_national_catalogue(folder: Path) -> None:
    (folder / "troyes.toml").write_text("broken", "utf-8")
    with pytest.raises(ConfigError, match="not TOML"):
        brands.catalogue("national", folder)
