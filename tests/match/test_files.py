"""A brand's file has a version, so that a figure can tell whether it changed."""

from __future__ import annotations

from dataclasses import replace

from pipeline.match import files
from pipeline.model import Brand, Campaign, Sense, Subscriber
from tests.warehouse.story import FIRST

DIJON = Brand("dijon", "Just Dijon", "Dijon", "21231", "commune", hashtags=("justdijon",))


def version(**changed: object) -> str:
    return files([replace(DIJON, **changed)])["dijon"]


def test_words_that_find_mentions_change_the_version() -> None:
    mustard = Sense("mustard", "word", ("moutarde",))
    versions = {version(), version(names=("Dijon",)), version(hashtags=()), version(context=("Bourgogne",))}
    assert len(versions | {version(senses=(mustard,)), version(senses=(replace(mustard, words=("pot",)),))}) == 6


def test_the_rest_does_not() -> None:
    assert version(peers=("troyes",), subscribers=(Subscriber("a@example.org"),)) == version()
    assert version(campaigns=(Campaign("Respirez", FIRST),), feeds=("https://example.org/rss",)) == version()


def test_no_two_brands_share_one() -> None:
    other = replace(DIJON, slug="other")
    assert len(set(files([DIJON, other]).values())) == 2
