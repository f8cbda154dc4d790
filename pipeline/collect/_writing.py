"""How a fictional post is written: pieces put together, slots filled, and the small accidents of real writing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

from pipeline.collect._story import Episode, Place, read
from pipeline.model import Label, Toward

_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_TOWARD: tuple[Toward, ...] = ("positive", "negative", "neutral", "not_about")
# What happens in a place is more often bad news than good: the tone is not the place's.
_TONES: tuple[Label, ...] = ("positive", "negative", "neutral")
_NEWS = (0.2, 0.4, 0.4)
_CUT = 140  # older archives hold posts cut at this length


@dataclass(frozen=True, slots=True)
class Meant:
    """What a careful reader sees: which brand, in which sense of its words, and the tone toward it."""

    brand: str
    sense: str
    toward: Toward


@dataclass(frozen=True, slots=True)
class Written:
    """A fictional text with its truth: language, tone of the text, what is meant, and the difficulty it stands for."""

    text: str
    lang: str
    tone: Label
    meant: tuple[Meant, ...]
    case: str


def fill(template: str, place: Place, lang: str, draw: Random) -> str:
    """The template with its slots filled for a place."""
    spot, name = draw.choice(place.spots), draw.choice(place.name)
    return template.format(
        name=name,
        Name=name[0].upper() + name[1:],
        at=draw.choice(place.at),
        of=draw.choice(place.of),
        en=draw.choice(place.en),
        en_at=draw.choice(place.en_at),
        brand_name=place.brand_name,
        tag=draw.choice(place.tags),
        spot=spot,
        Spot=spot[0].upper() + spot[1:],
        food=draw.choice(place.foods),
        event=draw.choice(place.events),
        day=draw.choice(_DAYS[lang]),
        n=draw.randrange(11, 60),
        dd=draw.randrange(2, 10),
        h=draw.randrange(9, 21),
    )


def ordinary(place: Place, voice: str, draw: Random, lift: float = 0.0) -> Written:
    """What somebody says of a place in an ordinary voice; `lift` moves the mood toward praise, in [0, 1]."""
    lang = "en" if draw.random() < (0.52 if voice == "tourist" else 0.25) else "fr"
    # Media report; they do not praise or complain.
    mood = (0.0, 0.0, *place.mood[2:]) if voice == "journalist" else (place.mood[0] + lift, *place.mood[1:])
    toward = draw.choices(_TOWARD, mood)[0]
    if toward == "not_about" and voice in {"company", "organiser"}:
        toward = "neutral"  # nor do they tell their lives
    tone = draw.choices(_TONES, _NEWS)[0] if toward == "not_about" else toward
    words = read(lang)
    if toward == "not_about" and voice == "journalist":
        tone, said = "negative", words["not_about"]["press"]
    else:
        said = words["not_about"][tone] if toward == "not_about" else _voiced(words[tone], voice)
    shown = "neutral" if voice == "journalist" else tone  # a headline wears no emoji
    text = _composed(words, draw.choice(said), shown, "none" if toward == "not_about" else tone, draw)
    text = _accidents(_tagged(fill(text, place, lang, draw), place, draw), place, lang, draw)
    return Written(text, lang, tone, (Meant(place.brand, "territory", toward),), "ordinary")


def _voiced(by_voice: dict[str, list[str]], voice: str) -> list[str]:
    return by_voice.get(voice) or by_voice["resident"]


def _composed(words: dict[str, Any], core: str, tone: str, detail: str, draw: Random) -> str:
    plain = detail in {"none", "neutral"}
    opening: str = draw.choice(
        words["openings"]["plain"] if plain else words["openings"]["any"] + words["openings"][tone]
    )
    if not opening or opening.endswith((". ", "! ")):
        core = core[0].upper() + core[1:] if core[0] != "{" else core.replace("{name}", "{Name}", 1)
    text = opening + core
    question = text.endswith("?")
    ending: str = "" if question else draw.choice(words["endings"][tone])
    if draw.random() < 0.45:
        stop = "" if question or ending.endswith((".", "!")) else "."
        return f"{text}{ending}{stop} {draw.choice(words['details'][detail])}"
    return text + ending


def _tagged(text: str, place: Place, draw: Random) -> str:
    if draw.random() > 0.28:
        return text
    return f"{text} {' '.join(draw.sample(place.tags, min(len(place.tags), draw.choice((1, 1, 2, 3)))))}"


def _accidents(text: str, place: Place, lang: str, draw: Random) -> str:
    """Some write without accents, without capitals or all in capitals; some posts come to us cut."""
    chance = draw.random()
    if chance < 0.03:
        return text.lower()
    if chance < 0.06:
        return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if chance < 0.075:
        return text.upper()
    cut = text[: _CUT - 1]
    if len(text) > _CUT and chance < 0.45 and place.name[0].split()[-1] in cut:
        return cut + "…"
    return text


def owned(place: Place, voice: str, draw: Random) -> Written:
    """What the brand's own account or a partner writes."""
    text = fill(draw.choice(read("hard")["owned"]["partner" if voice == "partner" else "texts"]), place, "fr", draw)
    return Written(text, "fr", "neutral", (Meant(place.brand, "territory", "neutral"),), voice)


def of_episode(episode: Episode, place: Place, draw: Random) -> Written:
    """What is said while an episode lasts, in its own words."""
    opening = draw.choice(read("fr")["openings"]["plain"] + read("fr")["openings"][episode.tone])
    text = _tagged(fill(opening + draw.choice(episode.texts), place, "fr", draw), place, draw)
    return Written(text, "fr", episode.tone, (Meant(place.brand, "territory", episode.tone),), episode.name)


def hard(place: Place, draw: Random) -> Written:
    """One of the posts that are easy to read wrong."""
    cases = read("hard")["case"]
    case = draw.choices(cases, [c["often"] for c in cases])[0]
    lang = case.get("lang", "fr")
    meant = tuple(Meant(*one) for one in case["meant"])
    text = fill(draw.choice(case["texts"]), place, lang, draw)
    if text[-1].isalpha() and "#" not in text and not case.get("bare"):
        text += draw.choice(read(lang)["endings"][case["tone"]])
    return Written(text, lang, case["tone"], meant, case["name"])


def syndicated(places: dict[str, Place], draw: Random) -> Written:
    """A headline that several media will carry word for word."""
    brand, template = draw.choice(read("hard")["syndicated"]["texts"])
    text = fill(template, places[brand], "fr", draw)
    return Written(text, "fr", "negative", (Meant(brand, "territory", "not_about"),), "syndicated")


def quote(place: Place, tone: Label, draw: Random) -> Written:
    """A comment put above somebody else's post."""
    lang = "en" if draw.random() < 0.2 else "fr"
    text = fill(draw.choice(read(lang)["quotes"][tone]), place, lang, draw)
    return Written(text, lang, tone, (Meant(place.brand, "territory", tone),), "quote")
