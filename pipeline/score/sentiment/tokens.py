"""Cuts a text into the words, signs and emoji that the fast scorers read."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.score.folding import fold

READ = 4000  # characters: the longest post of any platform we read, and a bound on what a hostile one costs
MOST = 600  # tokens

_SHORTER = re.compile(r"(.)\1{3,}")  # "trooooop" and "!!!!!!!!" say no more than three times
_TOKEN = re.compile(
    r"https?://\S*|https?\b|@\w+"
    r"|[:;=x8]['-]?[)(dpo/|\]\[*]+(?!\w)|<3+|\^\^|\bx+d+\b"
    r"|(?:[ldjcmtsn]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)|#?[^\W_]+|[!?]+|\.{2,}|…|[\"«»“”]|[.,;:()/|-]"
    r"|[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)


class Text(NamedTuple):
    """A text cut up: folded tokens, and what folding lost (shares between 0 and 1)."""

    tokens: list[str]
    shouted: float


def cut(text: str) -> Text:
    """The tokens of the first READ characters, folded; links are "http", handles "@user"."""
    text = text[:READ]
    tokens = [_plain(token) for token in _TOKEN.findall(_SHORTER.sub(r"\1\1\1", fold(text)))[:MOST]]
    letters = sum(map(str.isalpha, text))
    capitals = sum(map(str.isupper, text))
    return Text(tokens, capitals / letters if letters else 0.0)


def _plain(token: str) -> str:
    if token.startswith("http"):
        return "http"
    if token[0] == "@":
        return "@user"
    return _ALIKE.get(token, token)


_ALIKE = {"…": "..."}
