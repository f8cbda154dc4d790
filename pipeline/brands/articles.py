"""The Wikipedia articles on a territory: those its brand file names, else the one its name leads to without doubt."""

from __future__ import annotations

from pipeline import gazetteer
from pipeline.model import Brand

# INSEE gives a métropole or an agglo the code of its centre.
_LEVELS = {"metropole": "commune", "agglo": "commune"}


def articles(brand: Brand) -> dict[str, tuple[str, ...]]:
    """Titles by language of the Wikipedia: `fr` -> ("Dijon",). Empty where nothing is named and the name is in doubt.

    A name is beyond doubt in French when one place alone bears it and, above communes, when it was coined for it: the
    article "Manche" is on the sea and "Vienne" on the capital of Austria, but "Haute-Marne" can only be one thing.
    """
    found: dict[str, tuple[str, ...]] = {}
    for one in brand.articles or _derived(brand):
        language, _, title = one.partition(":")
        found[language] = (*found.get(language, ()), title)
    return found


def _derived(brand: Brand) -> tuple[str, ...]:
    level = _LEVELS.get(brand.level, brand.level)
    place = gazetteer.territory(brand.insee, level) if brand.insee else None
    if place is None or (place.level != "commune" and "-" not in place.name):
        return ()
    namesakes = [one for one in gazetteer.named(place.name) if one.level != "epci"]
    return (f"fr:{place.name}",) if namesakes == [place] else ()
