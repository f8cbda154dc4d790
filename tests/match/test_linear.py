"""Hostile text costs work in proportion to its length: work is counted in calls, never by the clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from pipeline.match import Matcher, cluster_key, near_key

# Twice the text may cost twice the work and a little more for what grows once (tables filled, lists begun).
MORE_THAN_TWICE = 2.3

HOSTILE: dict[str, Callable[[int], str]] = {
    "hashtags": lambda n: "#" * n + "#dijon",
    "tagged names": lambda n: "#dijon " * n,
    "one endless hashtag": lambda n: "#" + "LensTours" * n,
    "zalgo": lambda n: "Dijon " + "z\u0334\u0311\u0330\u0357" * n,
    "emoji": lambda n: "Dijon " + "👩🏽‍🚒🏳️‍🌈" * n,
    "names": lambda n: "Lens - Lyon 2-1 la Manche à Vienne, " * n,
    "places": lambda n: "Saint-Lô, Coutances, " * n + "la Manche",
    "dots": lambda n: "a.b.c-" * n + " Tours",
    "hyphens": lambda n: "a-" * n + "Tours",
    "saints": lambda n: "saint " * n + "Lens",
    "signals": lambda n: "navire bateau match ligue 1 député " * n + "la Manche et Lens",
    "surrogates": lambda n: "\ud800\x00" * n + "Lens",
}


def work(function: Callable[[str], object], text: str) -> int:
    """How many calls, of Python and of C functions, `function` makes on `text`."""
    count = 0

    def watch(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        function(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("kind", HOSTILE)
def test_twice_the_text_is_twice_the_work(national: Matcher, kind: str) -> None:
    for function in (national.mentions, national.touches, cluster_key, near_key):
        function(HOSTILE[kind](400))
        small, large = work(function, HOSTILE[kind](400)), work(function, HOSTILE[kind](800))
        assert large <= MORE_THAN_TWICE * small + 100, function


def test_a_megabyte_is_read_to_its_end(national: Matcher) -> None:
    text = "é#\n" * 340_000 + " à Lens"
    (one,) = national.mentions(text)
    assert text[one.start : one.end] == "Lens"
