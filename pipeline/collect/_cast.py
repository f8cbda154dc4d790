"""The fictional authors of the sample: who they are, how many follow them, and how often they write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from pipeline.collect._story import Place

# voice -> (share of the posts, authors a place, median followers, spread of the logarithm)
VOICES: dict[str, tuple[float, int, float, float]] = {
    "resident": (0.42, 90, 180, 1.3),
    "tourist": (0.20, 120, 260, 1.4),
    "student": (0.08, 30, 220, 1.0),
    "company": (0.08, 16, 900, 1.2),
    "organiser": (0.06, 8, 1_400, 1.0),
    "journalist": (0.09, 7, 6_500, 1.2),
    "owned": (0.04, 1, 21_000, 0.2),
    "partner": (0.03, 5, 2_500, 0.8),
}

_FIRST = ("lea", "hugo", "ines", "malo", "zoe", "noe", "ada", "elio", "jade", "sacha", "mila", "owen", "nora", "tom")
_LAST = ("brindille", "pivert", "galet", "noisette", "bruyere", "cigogne", "lanterne", "moulin", "pinson", "roseau")
_FAR = ("Paris", "Lyon", "Bruxelles", "London", "Genève", "Nantes", "Berlin")


@dataclass(frozen=True, slots=True)
class Author:
    """An invented person or organisation; `followers` is None where the platform did not say."""

    author_id: str
    handle: str
    followers: int | None
    home: str | None


def author(place: Place, voice: str, draw: Random) -> Author:
    """Somebody who speaks of a place in a voice; the first of each list write much more than the others."""
    several = VOICES[voice][1]
    # The square of a uniform draw gives the first tenth of the authors a third of the posts.
    return _author(place, voice, int(several * draw.random() ** 2))


@cache
def _author(place: Place, voice: str, rank: int) -> Author:
    draw = Random(f"{place.brand}/{voice}/{rank}")
    _, _, median, spread = VOICES[voice]
    followers = int(median * 2.718 ** draw.gauss(0, spread))
    author_id = f"fiction-{place.brand}-{voice}-{rank}"
    handle = place.handle if voice == "owned" else f"{draw.choice(_FIRST)}_{draw.choice(_LAST)}_{draw.randrange(1000)}"
    if voice in {"company", "organiser", "journalist", "partner"}:
        handle = f"{voice}_{place.handle}_{rank}"
    home = None if draw.random() < 0.4 else draw.choice(_FAR) if voice == "tourist" else place.name[0]
    return Author(author_id, handle, None if voice == "tourist" and draw.random() < 0.3 else followers, home)
