"""Turns a text into hashed features for the fast linear scorers: words, letters, word pairs, polarity, surface cues."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.score.folding import words
from pipeline.score.sentiment.tokens import Text

VERSION = 1
BITS = 18  # 262,144 cells x 3 classes of one byte stay under 1 MB
_SPACE = (1 << BITS) - 1

NEGATIONS = words("pas jamais sans aucun aucune rien ni guere nullement personne not no never without nor cannot")
CONTRASTS = words("mais pourtant cependant toutefois neanmoins but however yet though")
BOOSTERS = words(
    "tres trop si tellement vraiment super hyper ultra extremement totalement completement absolument tant plus "
    "franchement carrement really very so too extremely totally absolutely"
)
_STOPS = frozenset((".", "!", "?", "!!", "!!!", "...", ";", ":", ",", "(", ")", "http", "@user"))
REACH = 4  # words after a negation that it turns: "pas du tout très beau"


class Features(NamedTuple):
    """Cells of one text: of each token, of pairs of tokens, of the text as a whole."""

    words: list[str]
    pairs: list[int]
    whole: list[int]


@lru_cache(maxsize=400_000)  # pairs repeat: half of a night's are seen before
def cell(name: str) -> int:
    """The cell of a named feature: a stable hash, the same on every machine."""
    return zlib.crc32(name.encode("utf8", "surrogatepass")) & _SPACE


@lru_cache(maxsize=200_000)  # a night's vocabulary; bounded, as words come from the network
def word_cells(word: str) -> tuple[int, ...]:
    """Cells of one token: itself and its letter sequences of 3 to 5 within bounds."""
    if word.startswith("not_"):
        return (cell(word),)
    bounded = f"<{word[:30]}>"
    letters = {bounded[i : i + n] for n in (3, 4, 5) for i in range(len(bounded) - n + 1)}
    return (cell("w" + word), *(cell("c" + part) for part in sorted(letters)))


def read(text: Text, lexicon: Mapping[str, float], more: Iterable[str] = ()) -> Features:
    """Features of a cut text, by a polarity lexicon of folded forms; `more` names others of the whole text."""
    tokens = text.tokens
    turned = negated(tokens)
    read = tokens + ["not_" + token for token, is_turned in zip(tokens, turned, strict=True) if is_turned]
    pairs = [cell(f"p{a} {b}") for a, b in zip(["<", *tokens], [*tokens, ">"], strict=True)]
    return Features(read, pairs, [cell(name) for name in [*_whole(text, turned, lexicon), *more]])


def negated(tokens: list[str]) -> list[bool]:
    """Which tokens stand within REACH words after a negation, or between "ne" and its second half, in one clause."""
    turned, left, opened = [], 0, 0
    for i, token in enumerate(tokens):
        if token in _STOPS:
            left = opened = 0
        turned.append(left > 0)
        left -= 1
        opened -= 1
        if token in _OPENS:
            opened = REACH
        elif token in NEGATIONS or (token in _HALVES and opened > 0):
            if opened > 0:  # "ne s'ennuie jamais": the verb between the halves is negated too
                turned[i - REACH + opened : i] = [True] * (REACH - opened)
            left = REACH
    return turned


def polarities(tokens: list[str], turned: list[bool], lexicon: Mapping[str, float]) -> list[float]:
    """Weight of each token in its place: turned by negation, doubled by half by an intensifier before it."""
    found = []
    before = ""
    for token, is_turned in zip(tokens, turned, strict=True):
        weight = lexicon.get(token.lstrip("#"), 0.0)
        if weight:
            # A negated praise is mild blame, a negated blame milder praise: "pas mal" is no triumph.
            weight = (-0.7 if weight > 0 else -0.5) * weight if is_turned else weight
            weight *= 1.5 if before in BOOSTERS else 1.0
        found.append(weight)
        before = token
    return found


def _whole(text: Text, turned: list[bool], lexicon: Mapping[str, float]) -> list[str]:
    tokens = text.tokens
    weights = polarities(tokens, turned, lexicon)
    turn = max((i for i, token in enumerate(tokens) if token in CONTRASTS), default=None)
    plus, minus = _sums(weights)
    names = [f"lex+{plus}", f"lex-{minus}", f"lex{min(plus, 3)}{min(minus, 3)}", f"net{plus - minus}"]
    if turn is not None:
        after = _sums(weights[turn:])
        names += ["but", f"after+{min(after[0], 2)}", f"after-{min(after[1], 2)}"]
    half = _sums(weights[len(weights) // 2 :])
    names += [f"end+{min(half[0], 2)}", f"end-{min(half[1], 2)}"]
    return names + _surface(text)


def _sums(weights: list[float]) -> tuple[int, int]:
    """Praise and blame as whole numbers, 0 to 6."""
    plus = sum(weight for weight in weights if weight > 0)
    minus = -sum(weight for weight in weights if weight < 0)
    return min(round(plus), 6), min(round(minus), 6)


def _surface(text: Text) -> list[str]:
    """Counts of signs, each up to where more says nothing new."""
    counts = dict.fromkeys(_MOST, 0)
    for token in text.tokens:
        sign = _SIGN_OF.get(token[0]) or ("emoji" if token[0] >= "\u2190" else None)
        if sign is not None:
            counts[sign] += 1
        if token in _ROLES:
            counts[_ROLES[token]] += 1
        elif token.isdigit():
            counts["digits"] += 1
    names = [f"{name}{min(counts[name], most)}" for name, most in _MOST.items()]
    return [*names, f"long{min(len(text.tokens) // 6, 6)}", f"caps{round(text.shouted * 4)}"]


_MOST = {"shout": 3, "asks": 2, "tags": 4, "emoji": 3, "link": 2, "user": 3, "dots": 2, "digits": 3, "quotes": 2}
_MOST |= {"nots": 3, "colon": 1, "first": 1}
_SIGN_OF = {"!": "shout", "?": "asks", "#": "tags", "«": "quotes", "»": "quotes", '"': "quotes", "“": "quotes"}
_SIGN_OF |= {"”": "quotes", ":": "colon"}
_ROLES = {"http": "link", "@user": "user", "...": "dots"}
_ROLES |= dict.fromkeys(NEGATIONS, "nots")
_ROLES |= dict.fromkeys(words("je j' moi mon ma mes nous notre nos on i my me we our"), "first")
_HALVES = frozenset(("plus",))  # negates only after "ne"
_OPENS = frozenset(("ne", "n'"))
