"""What sources are asked for."""

from __future__ import annotations

from pathlib import Path

from pipeline import brands
from pipeline.model import Brand, Sense


def test_terms_run_from_the_most_telling_to_the_most_common(folder: Path) -> None:
    query = brands.queries(brands.load(folder))[0]
    assert query.brand == "just-dijon"
    assert query.terms == (
        "Just Dijon",
        "JustDijon",
        "L'art de vivre # à Dijon",
        "Dijon",
        "Dijon Métropole",
        "Dijonnais",
    )
    assert (query.hashtags, query.handles) == (("JustDijon", "DijonMetropole"), ("just_dijon",))
    assert query.languages == ("fr", "en")


def test_spellings_that_a_source_cannot_tell_apart_are_asked_once() -> None:
    brand = Brand("perigueux", "P", "Périgueux", "24322", "commune", places=("Périgueux", "PERIGUEUX", "périgueux"))
    assert brands.queries([brand])[0].terms == ("Périgueux",)


def test_exclusions_are_phrases_that_hold_a_term_and_name_no_place() -> None:
    begging = Sense("quête", "word", ("faire la manche", "mendier"))
    channel = Sense("mer", "other_place", ("tunnel sous la Manche",))
    brand = Brand("m", "La Manche", "Manche", "50", "departement", places=("Manche",), senses=(begging, channel))
    assert brands.queries([brand])[0].exclusions == ("faire la manche",)


def test_one_query_a_brand_in_their_order(folder: Path) -> None:
    loaded = brands.load(folder)
    assert [query.brand for query in brands.queries(loaded)] == [brand.slug for brand in loaded]
    assert brands.queries([]) == []
