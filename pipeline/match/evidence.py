"""Weighs what speaks for and against one occurrence of a name being the territory: every piece named, signed, kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pipeline.match import lent, signs, written
from pipeline.match.case import Case, Evidence, is_among, weight
from pipeline.match.fold import words
from pipeline.match.lexicon import rules
from pipeline.match.rules import Rule

# A brand name of so many words may be said by chance; a longer one is quoted.
_SHORT = 3


def gather(case: Case, author_place: str | None) -> tuple[Evidence, ...]:
    """Everything that speaks for or against `case`, its prior first; what another piece silences is left out."""
    if case.claim.kind in ("own", "tagline"):
        return tuple(_own(case))
    said = list(_by_rules(case))
    marks = [
        prior(case, {rule.name for rule, _ in said}),
        *signs.signs(case),
        *written.marks(case),
        *lent.brand_words(case),
        *lent.author(case, author_place),
    ]
    fired = {rule.name for rule, _ in said} | {mark.rule for mark in marks}
    heard = [evidence for rule, evidence in said if not rule.unless & fired]
    return tuple(one for one in (*marks, *heard) if one.weight)


def _own(case: Case) -> Iterator[Evidence]:
    """The brand's own words: only a sentence that happens to be made of them, or a sense of the file, is against.

    "Un tiers du lait produit en Bretagne" is not the brand: a brand begins with the capital its words end with.
    """
    yield Evidence("brand_name", "territory", weight(case.claim.kind), case.written())
    spoken = case.scene.reading[case.found.first : case.found.past]
    small = not spoken[0].tag and not spoken[0].capital and spoken[-1].capital
    if small and 1 < len(spoken) <= _SHORT and _has_capital(case):
        yield Evidence("in_a_sentence", "word", weight("in_a_sentence"), case.around())
    yield from lent.brand_words(case)


def _has_capital(case: Case) -> bool:
    """Whether the brand file writes this name of the brand with a capital."""
    typed = (name for name in case.claim.brand.names if words(name) == case.found.name.words)
    return any(name[0].isupper() for name in typed)


def prior(case: Case, said: Collection[str] = ()) -> Evidence:
    """How far the bare name is believed, by how it is written; `said` names the rules that its words fire."""
    known = _known(case)
    is_word = case.claim.kind == "place" and bool(known.get("word", is_among(" ".join(case.bare), "ordinary")))
    plain = float(known.get("prior", rules().settings["priors"][_kind(case, is_word)]))
    if case.head.tag:
        plain += float(known.get("tag", 0.0))
    elif not case.head.capital:
        plain += _small(case, known, is_word, said)
    elif is_word and (case.head.breaks or case.scene.shouted) and not signs.is_dateline(case):
        plain += weight("unsure_capital")
    plain += float(known.get("posted", 0.0)) if case.scene.posted else 0.0
    return Evidence("name", "territory" if plain > 0 else known.get("sense", "word"), plain, case.written())


def _small(case: Case, known: dict[str, Any], is_word: bool, said: Collection[str]) -> float:
    """What a name written small loses: little where one lives there, less where the writer uses no capitals at all."""
    if "lives_there" in said:
        return weight("small")
    if case.scene.lazy and "lazy" in known:
        return float(known["lazy"])
    if "in_department" in said and "small_in" in known:
        return float(known["small_in"])
    return float(known.get("small", weight("small_word" if is_word else "small")))


def _known(case: Case) -> dict[str, Any]:
    """What the lexicon says of this very name, at this level where it says so."""
    found: dict[str, Any] = rules().settings["names"].get(case.name, {})
    level: dict[str, Any] = found.get(case.level, found)
    return level


def _kind(case: Case, is_word: bool) -> str:
    if case.claim.kind == "inhabitant":
        return "inhabitant"
    if case.level == "departement" and is_among(case.name, "rivers"):
        return "river"
    return "word" if is_word else case.level


def _by_rules(case: Case) -> Iterator[tuple[Rule, Evidence]]:
    """The patterns around the name, then the words near it or anywhere; each rule once."""
    scene, found = case.scene, case.found
    for rule in dict.fromkeys(rules().around(scene.reading, found.first, found.past)):
        if rule.speaks_of(case.name, case.spoken_as, case.code, scene.foreign):
            yield rule, Evidence(rule.name, rule.sense, rule.weight, case.around())
    for rule, heard in scene.heard.items():
        if rule.sense != "spam" and rule.speaks_of(case.name, case.level, case.code, scene.foreign):
            near = heard.near(found.first, found.past, rule.reach)
            if near:
                counted = rule.weight * min(len(near), rule.most)
                yield rule, Evidence(rule.name, rule.sense, counted, ", ".join(sorted(near)[:3]))
