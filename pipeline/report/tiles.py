"""The four figures at the top: value, comparison in plain words, interval and n; "not enough" where that is so."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report.digest import Digest
from pipeline.report.lead import level
from pipeline.report.rows import Figure
from pipeline.report.words import Words

# Reach is known within a factor of two: only what at least doubles or halves is said to have moved.
REACH_RATIO = 2.0

# A change within the usual range has no sign.
LEVELS = {"above": "up", "below": "down", "usual": "same", "varied": "same", "new": "same"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure as it is read. `turn` is up, down or same: a word and a sign say it too, never colour alone. `change`
    is empty where nothing honest can be compared.

    `low`, `at` and `high` place the interval on its scale, in [0, 100]; None draws no scale.
    """

    metric: str
    label: str
    value: str
    change: str
    turn: str
    note: str
    low: int | None = None
    at: int | None = None
    high: int | None = None


def tiles(digest: Digest, words: Words) -> list[Tile]:
    """Mentions, net sentiment, share of voice and reach, in that order: how much, how well, against whom, how far."""
    return [_mentions(digest, words), _tone(digest, words), _voice(digest, words), _reach(digest, words)]


def _mentions(digest: Digest, words: Words) -> Tile:
    volume = digest.volume
    note = words.count("authors", volume.authors or 0)
    value = words.number(volume.mentions or 0)
    if volume.change is None:
        return Tile("mentions", words.say("mentions"), value, words.say("vs_none"), "same", note)
    change = words.percent(volume.change, signed=True)
    if volume.like_nights == volume.nights:
        compared = words.say("vs_week", change=change)
    else:
        compared = words.count("vs_like", volume.like_nights, change=change)
    return Tile("mentions", words.say("mentions"), value, compared, LEVELS[level(digest)], note)


def _tone(digest: Digest, words: Words) -> Tile:
    figure, label = digest.figures.get("net_sentiment"), words.say("net_sentiment")
    if figure is None or figure.value is None:
        return Tile(
            "net_sentiment", label, words.say("too_few"), words.say("too_few_scored"), "same", _n(figure, words)
        )
    low, high = words.decimal(figure.low or 0, signed=True), words.decimal(figure.high or 0, signed=True)
    note = f"{words.say('interval', low=low, high=high)}, {_n(figure, words)}"
    change = None if figure.told is None else words.decimal(figure.told, signed=True)
    places = (_place(figure.low, -1, 1), _place(figure.value, -1, 1), _place(figure.high, -1, 1))
    value = words.decimal(figure.value, signed=True)
    return Tile("net_sentiment", label, value, _compared(figure, change, words), figure.turn, note, *places)


def _voice(digest: Digest, words: Words) -> Tile:
    figure, label = digest.figures.get("share_of_voice"), words.say("share_of_voice")
    if not digest.peers or figure is None or figure.value is None:
        why = words.say("too_few" if digest.peers else "no_peer")
        return Tile("share_of_voice", label, "–", why, "same", "")
    low, high = words.percent(figure.low or 0), words.percent(figure.high or 0)
    on = words.say("on_set", n=words.number(figure.n or 0))
    note = f"{words.say('interval', low=low, high=high)}, {on}"
    points = None if figure.told is None else words.decimal(100 * figure.told, 0, signed=True)
    change = None if points is None else words.say("points", n=points)
    places = (_place(figure.low, 0, 1), _place(figure.value, 0, 1), _place(figure.high, 0, 1))
    value = words.percent(figure.value)
    return Tile("share_of_voice", label, value, _compared(figure, change, words), figure.turn, note, *places)


def _reach(digest: Digest, words: Words) -> Tile:
    figure, label = digest.figures.get("reach"), words.say("reach")
    if figure is None or figure.value is None:
        return Tile("reach", label, "–", words.say("no_reach"), "same", "")
    note = words.say("reach_note", low=words.rough(figure.low or 0), high=words.rough(figure.high or 0))
    value = words.rough(figure.value)
    return Tile("reach", label, value, _reach_change(figure.change_share, words), "same", note)


def _reach_change(share: float | None, words: Words) -> str:
    if share is None:
        return ""
    ratio = 1 + share
    key = "more" if ratio >= REACH_RATIO else "less" if ratio <= 1 / REACH_RATIO else "like"
    return words.say(f"reach_{key}")


def _n(figure: Figure | None, words: Words) -> str:
    return words.count("on_scored", figure.n) if figure and figure.n is not None else ""


def _compared(figure: Figure, change: str | None, words: Words) -> str:
    if change is None:
        return words.say("first_value")
    return words.say("not_clear" if figure.turn == "same" else f"clear_{figure.turn}", change=change)


def _place(value: float | None, least: float, most: float) -> int | None:
    return None if value is None else round(100 * (value - least) / (most - least))
