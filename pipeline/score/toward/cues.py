"""What in a sentence tells the tone toward a place from the tone of the post: words, grammar, who else is judged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from pipeline.score.folding import words
from pipeline.score.sentiment import features
from pipeline.score.toward.view import ELSEWHERE, HERE, NAME, View

Tones = tuple[float, float, float]

_WORDS = Path(__file__).with_name("words.txt")
_PHRASES = Path(__file__).with_name("phrases.txt")
_FULL = 4.0  # polarity that counts as outspoken: two strong words
_LOUD = 1.0  # polarity from which a clause counts as judging

_AT = {"a": "at", "en": "at", "dans": "at", "au": "at", "aux": "at", "sur": "at", "pres": "at", "in": "at", "at": "at"}
_AT |= {"de": "of", "d'": "of", "du": "of", "of": "of", "from": "of", "vers": "to", "pour": "to", "to": "to"}


_RULERS = words("maire mairie municipalite ville commune conseil mayor council")
_QUOTES = frozenset('«»“”"')


@cache
def classes() -> dict[str, frozenset[str]]:
    """Cue word -> its classes."""
    table: dict[str, set[str]] = {}
    for line in _WORDS.read_text("utf8").splitlines():
        if line and not line.startswith("#"):
            name, *members = line.split()
            for member in members:
                table.setdefault(member.replace("_", " "), set()).add(name)
    return {word: frozenset(names) for word, names in table.items()}


@cache
def phrases() -> dict[tuple[str, str], list[tuple[list[str], float]]]:
    """First two tokens -> turns of phrase that begin so, the longest first, with their weights."""
    table: dict[tuple[str, str], list[tuple[list[str], float]]] = {}
    lines = [line.split() for line in _PHRASES.read_text("utf8").splitlines() if not line.startswith("#")]
    for weight, *rest in sorted(lines, key=len, reverse=True):
        table.setdefault((rest[0], rest[1]), []).append((rest, float(weight)))
    return table


def weights(tokens: list[str], lexicon: Mapping[str, float]) -> list[float]:
    """Polarity of each token in its place; a turn of phrase speaks for its words."""
    found = features.polarities(tokens, features.negated(tokens), lexicon)
    known = phrases()
    for i, pair in enumerate(pairwise(tokens)):
        for phrase, weight in known.get(pair, ()):
            if tokens[i : i + len(phrase)] == phrase:
                found[i : i + len(phrase)] = [weight, *[0.0] * (len(phrase) - 1)]
                break
    return found


def read(view: View, lexicon: Mapping[str, float], whole: Tones, clause: Tones) -> dict[str, float]:
    """Named features of one mention: `whole` and `clause` are the tones of the text and of the place's clause."""
    by_token = weights(view.tokens, lexicon)
    own = sum(by_token[slice(*view.clause)])
    if view.than is not None and view.than < view.at:
        own += _compared(view, by_token)
    near = own if abs(own) >= _LOUD else own + _borrowed(view, by_token)
    sentence = sum(by_token[slice(*view.sentence)])
    found = {"bias": 1.0}
    for name, total in (("own", own), ("near", near), ("sentence", sentence), ("all", sum(by_token))):
        found[f"{name}+"] = min(max(total, 0.0), _FULL) / _FULL
        found[f"{name}-"] = min(max(-total, 0.0), _FULL) / _FULL
    for name, tones in (("whole", whole), ("clause", clause)):
        found[f"{name}.negative"], found[f"{name}.positive"] = tones[0], tones[2]
    found |= dict.fromkeys(_irony(view, by_token), 1.0)
    side = "+" if near >= _LOUD else "-" if near <= -_LOUD else "0"
    for cue in (*_grammar(view), *_classes(view)):
        found[cue] = 1.0
        found[f"{cue}&{side}"] = 1.0
    found[f"side{side}"] = 1.0
    return found


def _compared(view: View, by_token: list[float]) -> float:
    """What a comparison says of its second part: the contrary of the first, or the same after "aussi"."""
    head = view.tokens[view.sentence[0] : view.than]
    named = classes()
    told = sum(by_token[view.sentence[0] : view.than])
    if any("equal" in named.get(token, ()) for token in head):
        return told
    if any("worse" in named.get(token, ()) for token in head):
        return 2.0
    return -told if told else -2.0


def _borrowed(view: View, by_token: list[float]) -> float:
    """Polarity of the clauses beside the place's own, the following ones first."""
    for start, end in view.neighbours():
        told = sum(by_token[start:end])
        if abs(told) >= _LOUD:
            return told
    return 0.0


def _irony(view: View, by_token: list[float]) -> set[str]:
    """Thanks and cheers that open a text of blame; praise and blame side by side."""
    praise = any(weight >= _LOUD for weight in by_token)
    blame = any(weight <= -_LOUD for weight in by_token)
    opens = any("irony" in classes().get(token, ()) for token in view.tokens[:3])
    return {name for name, holds in (("mixed", praise and blame), ("cheers&blame", opens and blame)) if holds}


def _grammar(view: View) -> set[str]:
    """How the place is built into its sentence."""
    tokens, at = view.tokens, view.at
    before = [token for token in tokens[max(0, at - 3) : at] if token not in {"la", "le", "les", "l'", "#", NAME}]
    following = tokens[at + 1] if at + 1 < len(tokens) else "end"
    start, end = view.sentence
    cues = {f"before.{_AT.get(before[-1] if before else 'start', 'other' if before else 'start')}"}
    cues.add("after." + ({":": "colon", ",": "comma", "end": "end", "http": "end", ".": "stop"}.get(following, "word")))
    if not before and following in {":", "."}:
        cues.add("dateline")
    if tokens[at] != HERE:
        cues.add("hashtag")
    if any(token in {ELSEWHERE, NAME} for token in tokens[start:end]):
        cues.add("others")
    if view.than is not None:
        cues.add("than." + ("tail" if view.than < at else "head"))
    if tokens and tokens[0] == "rt":
        cues.add("rt")
    if any(token in _RULERS for token in before):
        cues.add("ruled")  # "le maire de", "la mairie de": how the place is run
    if sum(token in _QUOTES for token in tokens[:at]) % 2:
        cues.add("quoted")
    cues.add(f"long{min(len(tokens) // 10, 3)}")
    return cues


def _classes(view: View) -> set[str]:
    """Classes of cue words in the clause, in the sentence and in the rest, and the signs of the whole."""
    named = classes()
    tokens = view.tokens
    pairs = [f"{a} {b}" for a, b in pairwise(tokens)]
    found = set()
    for i, token in enumerate(tokens):
        where = "clause" if view.clause[0] <= i < view.clause[1] else "text"
        names = named.get(token.lstrip("#"), frozenset()) | named.get(pairs[i] if i < len(pairs) else "", frozenset())
        found |= {f"{where}.{name}" for name in names}
    found |= {f"sign.{token[0]}" for token in tokens if token[0] in '!?«"'}
    found |= {f"link.{token}" for token in tokens if token in {"http", "@user", "..."}}
    return found
