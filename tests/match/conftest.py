from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import gazetteer, match
from pipeline.match import Matcher
from pipeline.model import Brand

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
LARGE = 20_000  # inhabitants: the cities of the national catalogue


def brand_of(place: gazetteer.Place) -> Brand:
    return Brand(place.code, place.name, place.name, place.code, place.level, places=(place.name,))


@pytest.fixture(scope="session")
def national() -> Matcher:
    """Every département and large city as a brand without a file: what the generic rules can do alone."""
    chosen = [
        brand_of(place)
        for place in gazetteer.places()
        if place.level == "departement" or (place.level == "commune" and (place.population or 0) > LARGE)
    ]
    return match.compile_catalogue(chosen)


@pytest.fixture(scope="session")
def accepts(national: Matcher) -> Callable[[str, str], bool]:
    """Whether a text is accepted as a mention of the territory with this INSEE code."""

    def accepted(text: str, code: str) -> bool:
        return any(one.accepted for one in national.mentions(text) if one.territory == code)

    return accepted


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return SHARED
