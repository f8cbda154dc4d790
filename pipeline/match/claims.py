"""Gathers the names to look for: what each brand claims, the ways to write it, and the gazetteer's other names."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.match import former, halves
from pipeline.match.fold import words
from pipeline.match.lexicon import FOLDER
from pipeline.match.names import ARTICLES, Claim, Kind, Lent, Name, Names, Phrase
from pipeline.match.rules import longest_by_first
from pipeline.model import Brand

_SAINTS = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes"}
# "du Val" is the village of Le Val less often than the beginning of "du Val-de-Marne": small places keep their article.
_CONTRACTED_FROM = 20_000
_CONTRACTED = {"le": ("au", "du"), "les": ("aux", "des")}


def compile_names(brands: Sequence[Brand]) -> Names:
    """The names of these brands, among all names of the gazetteer."""
    claims: defaultdict[Phrase, list[Claim]] = defaultdict(list)
    for brand in brands:
        for phrase, kind in _claimed(brand):
            claim = Claim(brand, kind)
            if claim not in claims[phrase]:
                claims[phrase].append(claim)
    places = _places()
    by_words = {
        phrase: Name(phrase, tuple(claims.get(phrase, ())), places.get(phrase, ())) for phrase in {**places, **claims}
    }
    lent = _lent(brands)
    joined = {**_intercommunal(by_words), **_joined(by_words)}
    return Names(by_words, longest_by_first(by_words), joined, lent, longest_by_first(lent))


def _intercommunal(by_words: Mapping[Phrase, Name]) -> dict[str, Name]:
    """The intercommunality of a claimed town as a hashtag: "#TroyesChampagneMétropole" begins with the town's name."""
    found: dict[str, Name] = {}
    for place in gazetteer.places():
        seat = gazetteer.territory(place.seat, "commune") if place.level == "epci" and place.seat else None
        town = by_words.get(words(seat.name)) if seat else None
        if town and town.claims and words(place.name)[: len(town.words)] == town.words:
            found["".join(words(place.name))] = town
    return found


def _lent(brands: Sequence[Brand]) -> dict[Phrase, tuple[Lent, ...]]:
    """The words that brand files give to senses and to their territory's context."""
    lent: defaultdict[Phrase, list[Lent]] = defaultdict(list)
    for brand in brands:
        for word in brand.context:
            lent[words(word)].append(Lent(brand.slug, "brand_context", "territory", frozenset()))
        for sense in brand.senses:
            of = frozenset(words(name) for name in sense.of)
            for word in sense.words:
                lent[words(word)].append(Lent(brand.slug, f"sense:{sense.name}", sense.kind, of))
    lent.pop((), None)
    return {phrase: tuple(said) for phrase, said in lent.items()}


def _joined(by_words: Mapping[Phrase, Name]) -> dict[str, Name]:
    """Names as a hashtag without capitals writes them; claimed names win over the others."""
    joined: dict[str, Name] = {}
    for phrase, name in by_words.items():
        whole = "".join(phrase)
        if whole not in joined or name.claims:
            joined[whole] = name
    return joined


def _claimed(brand: Brand) -> Iterator[tuple[Phrase, Kind]]:
    """The phrases of a brand. A brand name that is also the territory's bare name is a place: it must be judged."""
    bare = {variant for place in brand.places for variant in _variants(_without_article(place, brand))}
    glued = {"".join(phrase) for phrase in bare}
    yield from ((phrase, "place") for phrase in bare)
    yield from ((words(one), "inhabitant") for one in brand.inhabitants if words(one))
    said: list[tuple[str, Kind]] = [(own, "own") for own in (*brand.names, *brand.hashtags)]
    said.extend((tagline, "tagline") for tagline in brand.taglines)
    for own, kind in said:
        phrase = words(own)
        plain = phrase[1:] if phrase[:1] and phrase[0] in ARTICLES else phrase
        if plain and plain not in bare and "".join(phrase) not in glued:
            yield phrase, kind
    yield from (((f"@{handle.lstrip('@').lower()}",), "own") for handle in brand.handles)


def _without_article(place: str, brand: Brand) -> Phrase:
    """The words of a place name; "la Manche" loses the article that its official name does not have."""
    phrase = words(place)
    official = gazetteer.territory(brand.insee, brand.level) if brand.insee else None
    bare = words(official.name) if official else None
    dropped = len(phrase) > 1 and phrase[0] in ARTICLES and (phrase[1:] == bare or place[0].islower())
    return phrase[1:] if dropped else phrase


def _variants(phrase: Phrase, contracted: bool = True) -> Iterator[Phrase]:
    """A name and the other ways to write it: "St-Lô", and where `contracted`, "au Mans"."""
    if not phrase:
        return
    forms = {phrase, tuple(_SAINTS.get(word, word) for word in phrase)}
    for form in tuple(forms) if contracted else ():
        forms |= {(short, *form[1:]) for short in _CONTRACTED.get(form[0], ()) if len(form) > 1}
    yield from forms


@cache
def _places() -> dict[Phrase, tuple[Place, ...]]:
    """The gazetteer by folded name, the most populous first."""
    found: defaultdict[Phrase, list[Place]] = defaultdict(list)
    for place, name in _known():
        if place.level != "epci":
            for phrase in _variants(words(name), contracted=(place.population or 0) >= _CONTRACTED_FROM):
                found[phrase].append(place)
    return {phrase: tuple(sorted(same, key=lambda p: -(p.population or 0))) for phrase, same in found.items()}


def _known() -> Iterator[tuple[Place, str]]:
    """The places with their names, former communes, halves of names, and other names people use (`aliases.tsv`)."""
    yield from ((place, place.name) for place in gazetteer.places())
    yield from ((place, name) for name, place in (*former.communes(), *halves.communes()))
    with (FOLDER / "aliases.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            place = gazetteer.territory(row["code"], row["level"])
            if place:
                yield place, row["alias"]
