"""Every name that may be met in a text: those that brands claim, and those of the gazetteer that keep them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.match.fold import words
from pipeline.match.reading import Word
from pipeline.match.rules import longest_by_first
from pipeline.model import Brand

# "place": the territory's name, to be judged; "inhabitant": the name of its people; "own": words that only the brand
# uses (brand name, tagline, hashtag, account), which need no judging.
Kind = Literal["place", "inhabitant", "own"]

Phrase = tuple[str, ...]

# A name shorter than this is not looked for inside a longer hashtag: "#JoliVar2020" is not worth every "var" and "ain".
SHORTEST_IN_TAG = 4

# What people glue to a name in a hashtag without capitals: "#villededijon", "#dijonmetropole".
_BEFORE = (
    "la",
    "le",
    "les",
    "ville",
    "villede",
    "mairie",
    "mairiede",
    "metropolede",
    "grand",
    "departementdela",
    "departement",
    "departementdes",
    "departementde",
    "dept",
    "jaime",
    "love",
    "visit",
)
_AFTER = ("metropole", "agglo", "agglomeration", "ville", "mairie", "departement", "tourisme", "city", "france")

_SAINTS = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes"}
# "du Val" is the village of Le Val less often than the beginning of "du Val-de-Marne": small places keep their article.
_CONTRACTED_FROM = 20_000
_CONTRACTED = {"le": ("au", "du"), "les": ("aux", "des")}
ARTICLES = frozenset(("le", "la", "les", "l", "au", "aux", "du", "des"))


class Claim(NamedTuple):
    """One brand's claim on a name."""

    brand: Brand
    kind: Kind


@dataclass(frozen=True, slots=True)
class Name:
    """A name as folded words, with who claims it and the places of the gazetteer that bear it."""

    words: Phrase
    claims: tuple[Claim, ...] = ()
    places: tuple[Place, ...] = ()


class Found(NamedTuple):
    """A name met in a text: `first` and `past` are indexes of words."""

    name: Name
    first: int
    past: int


class Lent(NamedTuple):
    """A word of a brand file that speaks for one of its senses, or for the territory; `of` limits it to some names."""

    brand: str
    rule: str
    sense: str
    of: frozenset[Phrase]


@dataclass(frozen=True, slots=True)
class Names:
    """The names to look for. `longest` is, by first word, the number of words of the longest name that begins so."""

    by_words: Mapping[Phrase, Name]
    longest: Mapping[str, int]
    joined: Mapping[str, Name]
    lent: Mapping[Phrase, tuple[Lent, ...]]
    lent_longest: Mapping[str, int]

    def find(self, reading: Sequence[Word]) -> list[Found]:
        """The names in a text, leftmost first, longest first, never overlapping. Linear time."""
        found: list[Found] = []
        position = 0
        while position < len(reading):
            hit = self._at(reading, position)
            if hit:
                found.append(hit)
            position = hit.past if hit else position + 1
        return found

    def _at(self, reading: Sequence[Word], first: int) -> Found | None:
        word = reading[first]
        longest = self.longest.get(word.folded, 0)
        if longest:
            ahead = tuple(w.folded for w in reading[first : first + longest])
            for size in range(len(ahead), 0, -1):
                name = self.by_words.get(ahead[:size])
                if name and _whole(reading, name, first, size):
                    return Found(name, first, first + size)
        name = self._in_tag(word.folded) if word.whole else None
        return Found(name, first, first + 1) if name else None

    def _in_tag(self, tag: str) -> Name | None:
        """The name that a hashtag in one piece is, or is made of with a known beginning, ending or year."""
        if tag in self.joined:
            return self.joined[tag]
        for before in _BEFORE:
            if tag.startswith(before) and (name := self.joined.get(tag[len(before) :])):
                return name
        for after in _AFTER:
            if tag.endswith(after) and (name := self.joined.get(tag[: -len(after)])):
                return name
        return None


def _whole(reading: Sequence[Word], name: Name, first: int, size: int) -> bool:
    """Whether the match does not cut a hashtag of several words in a way that makes another word of a short name."""
    return size > 1 or not reading[first].tag or reading[first].whole or len(name.words[0]) >= SHORTEST_IN_TAG


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
    return Names(by_words, longest_by_first(by_words), _joined(by_words), lent, longest_by_first(lent))


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
    for own in (*brand.names, *brand.taglines, *brand.hashtags):
        phrase = words(own)
        if phrase and phrase not in bare and "".join(phrase) not in glued and phrase[1:] not in bare:
            yield phrase, "own"
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
    for place in gazetteer.places():
        if place.level != "epci":
            for phrase in _variants(words(place.name), contracted=(place.population or 0) >= _CONTRACTED_FROM):
                found[phrase].append(place)
    return {phrase: tuple(sorted(same, key=lambda p: -(p.population or 0))) for phrase, same in found.items()}
