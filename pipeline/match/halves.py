"""What people call communes for short: "Barneville" is Barneville-Carteret, "Hague" the end of six names of Manche.

Both are computed from the gazetteer and the former communes, so no list of them is kept. A half serves as a neighbour
only: it never claims anything for a brand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.match import former
from pipeline.match.fold import words
from pipeline.match.lexicon import rules

# Inhabitants from which a commune is heard of by half its name, letters from which a half is told from other words.
_HEARD_OF, _LETTERS = 1_000, 5
# How many times more people the département of a half must have than all others together: else it tells none.
_AHEAD = 3
# Names that end alike in one département from which their end is taken for a country ("pays"): Hague, Bassigny, Mauges.
_COUNTRY = 3
_SAINT = frozenset(("saint", "sainte"))


@cache
def communes() -> tuple[tuple[str, Place], ...]:
    """Each half, folded, with the commune it stands for; of a country, the smallest commune that bears its name."""
    heads: defaultdict[str, list[Place]] = defaultdict(list)
    tails: defaultdict[str, list[Place]] = defaultdict(list)
    for name, place in _compound():
        heads[_head(name)].append(place)
        tails[words(name)[-1]].append(place)
    found = {**dict(_countries(tails)), **dict(_short(heads))}
    return tuple((half, place) for half, place in found.items() if _tells(half))


def _compound() -> Iterator[tuple[str, Place]]:
    """The communes of today and the former ones whose name is of several parts."""
    today = ((place.name, place) for place in gazetteer.places() if place.level == "commune")
    yield from (one for one in (*today, *former.communes()) if "-" in one[0])


def _head(name: str) -> str:
    parts = words(name)
    return " ".join(parts[: 2 if parts[0] in _SAINT else 1])


def _short(heads: Mapping[str, Sequence[Place]]) -> Iterator[tuple[str, Place]]:
    for half, places in heads.items():
        people: defaultdict[str | None, int] = defaultdict(int)
        for place in set(places):
            people[place.department] += place.population or 0
        most = max(people.values())
        best = max(places, key=lambda place: place.population or 0)
        if (best.population or 0) >= _HEARD_OF and most >= _AHEAD * (sum(people.values()) - most):
            yield half, best


def _countries(tails: Mapping[str, Sequence[Place]]) -> Iterator[tuple[str, Place]]:
    for half, places in tails.items():
        if len(places) >= _COUNTRY and len({place.department for place in places}) == 1:
            yield half, min(places, key=lambda place: place.population or 0)


def _tells(half: str) -> bool:
    """Whether a half is long enough, no whole name of a place, and no word that the lexicon knows otherwise."""
    lexicon = rules()
    known = (half,) in lexicon.bags or any(half in members for members in lexicon.classes.values())
    return len(half) >= _LETTERS and not known and not gazetteer.named(half)
