"""The brand files that come with the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import brands
from pipeline.gazetteer import fold
from pipeline.model import Brand

FOLDER = Path(__file__).resolve().parents[2] / "brands"
MAIN = (
    "just-dijon",
    "vosges-je-vois-la-vie",
    "la-manche",
    "haute-marne-respire-et-inspire",
    "vienne-futuroscope",
    "superigueux",
)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Brand]:
    return {brand.slug: brand for brand in brands.load(FOLDER)}


def test_no_shipped_file_has_a_problem() -> None:
    assert [str(problem) for problem in brands.check(FOLDER)] == []


def test_the_brands_and_the_places_they_are_compared_with_are_there(shipped: dict[str, Brand]) -> None:
    assert {*MAIN, "troyes", "lille", "bourges"} <= shipped.keys()
    assert len(shipped) >= 9 + 20
    assert shipped["just-dijon"].peers == ("troyes", "lille", "bourges")


@pytest.mark.parametrize("slug", MAIN)
def test_a_main_brand_says_in_eight_sentences_what_to_accept_and_refuse(shipped: dict[str, Brand], slug: str) -> None:
    brand = shipped[slug]
    assert len(brand.examples) >= 8
    assert {example.accepted for example in brand.examples} == {True, False}
    assert brand.senses
    assert brand.peers


def test_every_brand_is_compared_and_exemplified(shipped: dict[str, Brand]) -> None:
    assert [slug for slug, brand in shipped.items() if not brand.peers or not brand.examples] == []


def test_no_shipped_file_names_a_subscriber(shipped: dict[str, Brand]) -> None:
    assert not any(brand.subscribers for brand in shipped.values())


def test_la_manche_tells_the_sea_from_the_department(shipped: dict[str, Brand]) -> None:
    words = {fold(word): sense.kind for sense in shipped["la-manche"].senses for word in sense.words}
    assert words["tunnel sous la manche"] == words["outre manche"] == words["don quichotte"] == "other_place"
    assert words["faire la manche"] == words["premiere manche"] == words["manche courte"] == "word"
    assert "dans la manche" not in words


def test_product_labels_do_not_count_their_territory(shipped: dict[str, Brand]) -> None:
    labels = [
        slug for slug in shipped if slug.startswith("produit-en-") or slug in {"saveurs-en-or", "savourez-l-alsace"}
    ]
    assert len(labels) == 4
    assert not any(shipped[slug].places for slug in labels)
