"""A folder of files becomes brands, or one error that lists every mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import brands
from pipeline.errors import ConfigError
from pipeline.model import Campaign, Example, Sense, Subscriber

from .conftest import PEER, VALID


def test_every_key_reaches_the_brand(folder: Path) -> None:
    brand, peer = brands.load(folder)
    assert (brand.slug, brand.name, brand.territory, brand.insee) == ("just-dijon", "Just Dijon", "Dijon", "21231")
    assert (brand.level, brand.since, brand.languages) == ("metropole", date(2018, 1, 12), ("fr", "en"))
    assert brand.names == ("Just Dijon", "JustDijon")
    assert brand.taglines == ("L'art de vivre # à Dijon",)
    assert (brand.hashtags, brand.handles) == (("JustDijon", "DijonMetropole"), ("just_dijon",))
    assert (brand.places, brand.inhabitants) == (("Dijon", "Dijon Métropole"), ("Dijonnais",))
    assert brand.context == ("Côte-d'Or", "21000")
    assert brand.senses[0] == Sense("la moutarde", "word", ("moutarde de Dijon",), ("Dijon",))
    assert brand.senses[1].of == ()
    assert brand.peers == (peer.slug,) == ("troyes",)
    assert brand.campaigns == (Campaign("Lancement", date(2018, 1, 12), date(2018, 6, 30), "affichage"),)
    assert brand.owned == ("x:justdijon", "mastodon:ville@example.org")
    assert brand.partners == ("rss:dijon.fr",)
    assert brand.subscribers == (Subscriber("equipe@example.org", "fr", "weekly"),)
    assert brand.examples[0] == Example("Vivre à Dijon.", True)
    assert brand.feeds == ("https://www.bienpublic.com/rss",)


def test_a_short_file_is_enough(folder: Path) -> None:
    peer = brands.load(folder)[1]
    assert (peer.since, peer.languages, peer.senses, peer.names) == (None, ("fr",), (), ("Troyes La Champagne",))


def test_a_year_alone_is_its_first_day(folder: Path) -> None:
    (folder / "just-dijon.toml").write_text(VALID.replace("since = 2018-01-12", "since = 2018"), "utf-8")
    assert brands.load(folder)[0].since == date(2018, 1, 1)


def test_a_brand_that_bears_its_places_name_is_not_named_by_it(folder: Path) -> None:
    (folder / "troyes.toml").write_text(PEER.replace("Troyes La Champagne", "TROYES"), "utf-8")
    assert brands.load(folder)[1].names == ()


def test_decomposed_accents_and_odd_blanks_are_put_right(folder: Path) -> None:
    odd = PEER.replace('["Troyes"]', '["Troyes", "Troyes\\u00a0Champagne  Me\\u0301tropole"]')
    (folder / "troyes.toml").write_text(odd, "utf-8")
    assert brands.load(folder)[1].places[1] == "Troyes Champagne Métropole"


def test_the_error_lists_every_mistake_with_file_line_and_cure(folder: Path) -> None:
    (folder / "just-dijon.toml").write_text(VALID.replace('"21231"', '"1"').replace('"fr", "en"', '"fr", "anglais"'))
    (folder / "troyes.toml").write_text(PEER.replace("insee", "inse"), "utf-8")
    with pytest.raises(ConfigError) as caught:
        brands.load(folder)
    rows = str(caught.value).splitlines()
    assert rows[0] == "4 mistakes in the brand files"
    assert [row.removeprefix(str(folder)).split(":")[:2] for row in rows[1:]] == [
        ["/just-dijon.toml", "6"],
        ["/just-dijon.toml", "8"],
        ["/troyes.toml", "1"],
        ["/troyes.toml", "5"],
    ]
    assert all("; " in row for row in rows[1:])


def test_a_warning_does_not_stop_the_night(folder: Path) -> None:
    (folder / "just-dijon.toml").write_text(VALID.replace("Vivre à Dijon.", "Vivre."), "utf-8")
    assert [p.fatal for p in brands.check(folder)] == [False]
    assert len(brands.load(folder)) == 2


def test_one_file_is_read_among_its_neighbours(folder: Path) -> None:
    assert [brand.slug for brand in brands.load(folder / "just-dijon.toml")] == ["just-dijon"]
    (folder / "troyes.toml").write_text("broken", "utf-8")
    with pytest.raises(ConfigError, match="no brand file is called 'troyes'"):
        brands.load(folder / "just-dijon.toml")


def test_a_neighbours_mistake_is_not_this_files(folder: Path) -> None:
    (folder / "troyes.toml").write_text(PEER.replace("10387", "1"), "utf-8")
    assert brands.check(folder / "just-dijon.toml") == []
