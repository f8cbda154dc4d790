"""What one brand file can get wrong in meaning: its code, its terms, its senses, its examples."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from pipeline import gazetteer
from pipeline.brands.sheet import Sheet
from pipeline.brands.terms import ordinary, short
from pipeline.gazetteer import Place, fold
from pipeline.model import Brand

# A namesake smaller than this is written about too rarely to blur a territory (its posts are few and local).
NAMESAKE_POPULATION = 5_000

# The keys of [words] whose values are matched in posts.
MATCHED = ("names", "taglines", "hashtags", "places", "inhabitants")

# How a sentence goes to a place or stays there. "Les" and "des" are left out: "les tours" is no town.
BEFORE_A_PLACE = frozenset(["a", "au", "aux", "dans", "en", "par", "la", "le", "l"])

# A métropole and an agglomeration stand under the code of their centre's commune.
GAZETTEER_LEVEL = {"metropole": "commune", "agglo": "commune"}


def check_alone(sheet: Sheet, brand: Brand) -> None:
    """Blame on the sheet what the brand says that cannot be right, whatever the other brands say."""
    _check_code(sheet, brand)
    _check_terms(sheet, brand)
    _check_namesakes(sheet, brand)
    _check_senses(sheet, brand)
    _check_examples(sheet, brand)


def terms(brand: Brand) -> Iterator[tuple[str, str]]:
    """Every term the brand is matched by, with the key of [words] it stands under."""
    for key in MATCHED:
        for term in getattr(brand, key):
            yield key, term


def place_of(brand: Brand) -> Place | None:
    """The brand's territory in the gazetteer, None for an area or a wrong code."""
    level = GAZETTEER_LEVEL.get(brand.level, brand.level)
    return gazetteer.territory(brand.insee, level) if brand.insee else None


def _check_code(sheet: Sheet, brand: Brand) -> None:
    where = ("identity", "insee")
    if brand.insee is None:
        if brand.level != "area":
            cure = f"add insee = {_code_of(brand.territory, brand.level)}"
            sheet.blame(("identity",), f"a {brand.level} has an INSEE code", cure)
    elif brand.level == "area":
        sheet.blame(where, "an area has no INSEE code", "leave insee out, or write another level")
    elif not (place := place_of(brand)):
        cure = f"write {_code_of(brand.territory, brand.level)}"
        sheet.blame(where, f"{brand.insee!r} is no INSEE code of a {brand.level}", cure)
    elif not _share_a_word(place.name, brand.territory):
        cure = "put the code or the territory right"
        sheet.blame(where, f"{brand.insee!r} is {place.name}, not {brand.territory}", cure, fatal=False)


def _code_of(territory: str, level: str) -> str:
    level = GAZETTEER_LEVEL.get(level, level)
    found = [place for place in gazetteer.named(territory) if place.level == level]
    return f'"{found[0].code}" ({found[0].name})' if found else "the code that insee.fr gives"


def _share_a_word(one: str, other: str) -> bool:
    return bool({*fold(one).split()} & {*fold(other).split()})


def _check_terms(sheet: Sheet, brand: Brand) -> None:
    for key, term in terms(brand):
        where = ("words", key) if ("words", key) in sheet.lines else ("identity", "name")
        if short(term):
            cure = 'write it with what surrounds it, as in "ville d\'Eu"'
            sheet.blame(where, f"{term!r} is so short that it would drown the brand", cure, value=term)
        elif ordinary(term) and not _is_covered(brand, term):
            cure = "add a [[sense]] that says what else it means, or a longer term"
            message = f"{term!r} is an ordinary word and would drown the brand"
            # A territory cannot change its name: the place is listened to, and its posts are worth reading twice.
            sheet.blame(where, message, cure, value=term, fatal=key != "places")
    for word in brand.context:
        if not word.isdecimal() and (short(word) or ordinary(word)):
            message = f"{word!r} in context is so common that doubtful posts would be accepted for nothing"
            cure = "write a name that only this territory has"
            sheet.blame(("words", "context"), message, cure, value=word, fatal=False)


def _is_covered(brand: Brand, term: str) -> bool:
    """Whether a sense says what else the term may mean."""
    return any(not sense.of or fold(term) in map(fold, sense.of) for sense in brand.senses)


def _check_namesakes(sheet: Sheet, brand: Brand) -> None:
    own = place_of(brand)
    for name in brand.places:
        others = [place for place in gazetteer.named(name) if own and _is_another(place, own)]
        if others and not ordinary(name) and not _is_covered(brand, name):
            other = others[0]
            message = f"{name!r} is also a {other.level} ({other.code}, {other.population} people)"
            cure = 'add a [[sense]] of kind "other_place" with words that tell them apart'
            sheet.blame(("words", "places"), message, cure, value=name, fatal=False)


def _is_another(place: Place, own: Place) -> bool:
    is_known = place.level in {"departement", "region"} or (place.population or 0) >= NAMESAKE_POPULATION
    is_nested = (
        place.region == own.region if "region" in {place.level, own.level} else place.department == own.department
    )
    return is_known and place.level != "epci" and not is_nested


def _check_senses(sheet: Sheet, brand: Brand) -> None:
    known = {fold(term): term for _, term in terms(brand)}
    bare = {_bare(term) for term in brand.places}
    for number, sense in zip(sheet.kept["sense"], brand.senses, strict=True):
        for term in sense.of:
            if fold(term) not in known:
                close = difflib.get_close_matches(fold(term), known, n=1)
                cure = f"did you mean {known[close[0]]!r}?" if close else "write a term that stands in [words]"
                sheet.blame(("sense", number, "of"), f"{term!r} is none of the brand's terms", cure, value=term)
        for word in sense.words:
            where = ("sense", number, "words")
            if fold(word) in known:
                cure = 'write the words around it: "faire la manche", not "la manche"'
                sheet.blame(where, f"{word!r} is the brand's own term: every post would be refused", cure, value=word)
            elif _bare(word) in bare:
                message = f"{word!r} is how people speak of the territory: its own posts would be refused"
                sheet.blame(where, message, "write more of the phrase", value=word)
            elif not fold(word):
                sheet.blame(where, f"{word!r} holds no letter", "write a word", value=word)


def _bare(phrase: str) -> str:
    """The phrase folded, without the little words that come before a place: "dans la Manche" is "manche"."""
    words = fold(phrase).split()
    while len(words) > 1 and words[0] in BEFORE_A_PLACE:
        words = words[1:]
    return " ".join(words)


def _check_examples(sheet: Sheet, brand: Brand) -> None:
    seen: set[str] = set()
    own = [f" {fold(term)} " for _, term in terms(brand)]
    for number, example in zip(sheet.kept["example"], brand.examples, strict=True):
        where, folded = ("example", number, "text"), fold(example.text)
        if folded in seen:
            sheet.blame(where, "this example stands twice", "keep one")
        seen.add(folded)
        if not any(term in f" {folded} " for term in own):
            cure = "write a sentence with a name, a place or a hashtag of the brand"
            sheet.blame(where, "this example holds none of the brand's terms", cure, fatal=False)
