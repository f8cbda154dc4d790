"""Writes out the forms of a French word: enough of the regular grammar for a polarity lexicon."""

from __future__ import annotations

from collections.abc import Callable

# Endings, the longest first: how the feminine is made.
_FEMININE = (
    ("eux", "euse"),
    ("if", "ive"),
    ("el", "elle"),
    ("en", "enne"),
    ("on", "onne"),
    ("er", "ère"),
    ("eur", "euse"),
    ("et", "ette"),
    ("il", "ille"),
    ("f", "ve"),
)
_FIRST = "e es ons ez ent er é ée és ées ais ait ions iez aient a era erai eront erait ant"
_SECOND = "is it issons issez issent ir i ie ies issait issant ira irait"
# Verbs in -re and irregular ones, by the ending they share.
_OTHERS = {
    "uire": "uire uis uit uisent uisez uit uite uits uites uisant uisait",
    "evoir": "evoir ois oit oivent u ue us ues evait evant",
    "aire": "aire ais ait aisent aisez aisait aisant u",
    "endre": "endre ends end endent endez endait endant u ue us ues",
    "enir": "enir iens ient iennent enez enait enu enue enus enues iendra",
    "ourir": "ourir eurs eurt eurent ort morte morts mortes ourait",
    "frir": "frir fre fres frent frez frait fert ferte frant",
    "vrir": "vrir vre vres vrent vrez vrait vert verte verts vertes vrant vrira",
    "entir": "entir ens ent entent entez entait enti entie",
    "illir": "illir ille illes illons illez illent illi illie illis illies illait illant illera",
    "indre": "indre ins int ignent ignez ignait int inte",
    "clure": "clure clus clut cluent clue cluait",
    "crire": "crire cris crit crivent crite",
    "rire": "rire ris rit rient riez riait riant ri",
    "dire": "dire dis dit disent disez disait dit dite dits dites",
    "dre": "dre ds d dent dez dait du due dus dues dant dra",
    "fuir": "fuir fuis fuit fuient fuyez fuyait fui fuie",
    "haïr": "haïr hais hait haïssent haïssez haï",
}


def adjective(lemma: str) -> set[str]:
    """Masculine and feminine, singular and plural."""
    if lemma.endswith("al"):
        return {lemma, lemma[:-2] + "aux", lemma + "e", lemma + "es"}
    feminine = lemma if lemma.endswith("e") else lemma + "e"
    for ending, becomes in _FEMININE:
        if lemma.endswith(ending):
            feminine = lemma[: -len(ending)] + becomes
            break
    return noun(lemma) | {feminine, feminine + "s"}


def noun(lemma: str) -> set[str]:
    """Singular and plural."""
    if lemma[-1] in "sxz":
        return {lemma}
    return {lemma, lemma + ("x" if lemma.endswith(("eau", "eu")) else "s")}


def verb(lemma: str) -> set[str]:
    """The forms that posts use: present, imperfect, participles, third persons of other tenses."""
    for ending, forms in _OTHERS.items():
        if lemma.endswith(ending):
            return {lemma[: -len(ending)] + form for form in forms.split()}
    if lemma.endswith("ir"):
        return {lemma[:-2] + ending for ending in _SECOND.split()} | {lemma[:-2] + "is", lemma[:-2] + "ie"}
    return _first_group(lemma)


def _first_group(lemma: str) -> set[str]:
    """Verbs in -er, with what spelling does to their stem: place -> plaçait, mange -> mangeait, essuie -> essuyer."""
    stem = lemma[:-2]
    soft = stem
    if stem.endswith("c"):
        soft = stem[:-1] + "ç"
    elif stem.endswith("g"):
        soft = stem + "e"
    forms = {(soft if ending[0] in "ao" else stem) + ending for ending in _FIRST.split()}
    if stem.endswith("y"):
        forms |= {stem[:-1] + "i" + ending for ending in ("e", "es", "ent", "era", "erait")}
    return forms


FORMS: dict[str, Callable[[str], set[str]]] = {
    "adj": adjective,
    "noun": noun,
    "verb": verb,
    "verb2": verb,
    "as": lambda lemma: {lemma},
}
