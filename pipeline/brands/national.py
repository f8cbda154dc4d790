"""The national catalogue: régions, départements and large communes, each a brand made from the gazetteer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.model import Brand, Sense

# Cities with more inhabitants than this are listened to.
LARGE_COMMUNE = 20_000

# How many places of its size a territory is compared with: enough for a placebo test to mean something on a chart,
# few enough to read.
PEERS = 5


def brands(own: Sequence[Brand] = ()) -> list[Brand]:
    """The national catalogue, in the order of the gazetteer.

    `own` are brands written by hand: what they know of a territory's name (senses, context, inhabitants) is lent to
    the territory with the same INSEE code; what belongs to the brand alone (names, taglines, accounts) is not.
    """
    chosen = list(_chosen())
    slugs = {place: slug(place) for place in chosen}
    made = (_brand(place, slugs, _peers(place, chosen)) for place in chosen)
    return [_taught(brand, own) for brand in made]


def slug(place: Place) -> str:
    """`level-code-name`: "departement-50-manche"."""
    return f"{place.level}-{place.code.lower()}-{'-'.join(gazetteer.fold(place.name).split())}"


def _chosen() -> Iterator[Place]:
    """The places listened to. Of two that are one territory under one name, the smaller level stands for both.

    Paris is a commune and a département, Guadeloupe a département and a région: as two brands, each post would count
    twice. Places without inhabitants are left out.
    """
    kept = [place for place in gazetteer.places() if place.population and _is_large(place)]
    smaller = {(place.name, place.population, place.level) for place in kept}
    below = {"region": "departement", "departement": "commune", "commune": ""}
    for place in kept:
        if (place.name, place.population, below[place.level]) not in smaller:
            yield place


def _is_large(place: Place) -> bool:
    if place.level == "commune":
        return (place.population or 0) > LARGE_COMMUNE
    return place.level in {"region", "departement"}


def _brand(place: Place, slugs: dict[Place, str], peers: Sequence[Place]) -> Brand:
    words = gazetteer.fold(place.name).split()
    return Brand(
        slug=slugs[place],
        name=place.name,
        territory=place.name,
        insee=place.code,
        level=place.level,
        places=(place.name,),
        # "#SaintDenis": a hashtag holds no blank. A name of one word is its own hashtag.
        hashtags=("".join(words),) if len(words) > 1 else (),
        peers=tuple(slugs[peer] for peer in peers),
    )


def _peers(place: Place, chosen: Sequence[Place]) -> list[Place]:
    """The places of its level nearest in population, those of its own région first (all régions are one league)."""
    others = [other for other in chosen if other.level == place.level and other.code != place.code]

    def distance(other: Place) -> tuple[bool, int]:
        gap = abs((other.population or 0) - (place.population or 0))
        return place.level != "region" and other.region != place.region, gap

    return sorted(others, key=distance)[:PEERS]


def _taught(brand: Brand, own: Sequence[Brand]) -> Brand:
    same = [one for one in own if one.insee == brand.insee and _level(one) == brand.level]
    if not same:
        return brand
    known = replace(
        brand,
        context=tuple(dict.fromkeys(chain.from_iterable(one.context for one in same))),
        inhabitants=tuple(dict.fromkeys(chain.from_iterable(one.inhabitants for one in same))),
    )
    senses = dict.fromkeys(sense for one in same for sense in one.senses if not sense.of or _concerns(sense, known))
    return replace(known, senses=tuple(senses))


def _concerns(sense: Sense, brand: Brand) -> bool:
    """Whether a sense is about the territory's own name or people, and not about the lender's tagline."""
    own = {gazetteer.fold(name) for name in (*brand.places, *brand.inhabitants)}
    return any(gazetteer.fold(name) in own for name in sense.of)


def _level(brand: Brand) -> str:
    return "commune" if brand.level in {"metropole", "agglo"} else brand.level
