"""The digest as its templates read it: every value already a sentence, a number or a link in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report import lines
from pipeline.report.digest import Digest
from pipeline.report.lead import lead, subject
from pipeline.report.moved import moves
from pipeline.report.rows import Gap, Source, Tag
from pipeline.report.text import capital, line, tied
from pipeline.report.tiles import Tile, tiles
from pipeline.report.words import Words

# Signs and colours of a change; the words beside them say the same. Tone alone is good or bad news by itself: more
# mentions and more voice come with a storm too, and stay uncoloured.
SIGNS = {"up": "▲ ", "down": "▼ ", "same": ""}
COLOURS = {"up": "#0f6b3c", "down": "#a8321a", "same": "#33415a"}
COLOURED = frozenset({"net_sentiment"})

# What the two ends of a figure's scale stand for.
ENDS = {"net_sentiment": ("−1", "+1"), "share_of_voice": ("0", "100")}
View = dict[str, object]


@dataclass(frozen=True, slots=True)
class Links:
    """Where the mail's own links go; None leaves the link out. `unsubscribe` is each recipient's own."""

    page: str | None = None
    method: str | None = None
    unsubscribe: str = ""


def view(digest: Digest, words: Words, links: Links, cid: str) -> View:
    """What the three templates (subject, text, HTML) show, the same figures in the same order."""
    # Under the minimum nothing but that is said: no figure, chart, peer or post would be fair to so few people.
    few = digest.is_small
    shown = [] if few else tiles(digest, words)
    moved = moves(digest, words)
    told = {move.post.url for move in moved if move.post}
    return {
        "say": words.say,
        "language": words.language,
        "subject": subject(digest, words),
        "preheader": _preheader(shown, digest, words),
        "name": tied(line(digest.name, 60)),
        "kicker": _kicker(digest, words),
        "fiction": words.say("fiction") if digest.is_fictional else None,
        "lead": lead(digest, words),
        "gap": _gap(digest, words),
        "tiles": [[_tile(tile) for tile in pair] for pair in (shown[:2], shown[2:]) if pair],
        "chart": not few,
        "chart_key": _key(digest, words),
        "cid": cid,
        "alt": alt(digest, words),
        # A month has too many for a table: its chart and the page show them.
        "days": [_day(digest, place, words) for place in range(len(digest.own_days)) if digest.grain == "week"],
        "moves": [{"text": move.text, "post": lines.post(move.post, words) if move.post else None} for move in moved],
        "act_title": words.say("act"),
        "acts": [] if few else lines.acts(digest, words, told),
        "campaigns": [] if few else [lines.campaign(campaign, words) for campaign in digest.campaigns],
        "tags": [] if few else lines.tags(digest.tags, words),
        "tags_columns": _columns(digest.tags),
        "peers": [] if few else [lines.peer(peer, digest, words) for peer in digest.peers],
        "peers_caption": lines.peers_caption(digest, words),
        # A single source says the headline again.
        "sources": [lines.source(s, words) for s in digest.sources] if not few and len(digest.sources) > 1 else [],
        "sources_columns": _columns(digest.sources),
        "page": links.page,
        "method": links.method,
        "definitions": "" if few else _definitions(digest),
        "why_you": words.say("why_you", brand=tied(line(digest.name, 60))),
        "unsubscribe": links.unsubscribe,
    }


def alt(digest: Digest, words: Words) -> str:
    """The chart in words: total against the usual level, the highest day, the nights missing."""
    known = [day for day in digest.own_days if day.mentions is not None]
    if digest.is_small or not known:
        return lead(digest, words)
    top = max(known, key=lambda day: day.mentions or 0)
    lost = len(digest.own_days) - len(known)
    return words.say(
        "chart_alt",
        total=words.count("mentions", digest.volume.mentions or 0),
        trend=_trend(digest, words),
        peak=words.number(top.mentions or 0),
        day=f"{'le ' if words.language == 'fr' else ''}{words.day(top.night)}",
        missing=words.count("alt_missing", lost) if lost else "",
    )


def _columns(found: Sequence[Tag] | Sequence[Source]) -> list[str]:
    """The columns that hold anything: one of "too few" tells nothing, and a tone takes 30 mentions by 30 authors."""
    has_before = any(line.previous is not None for line in found)
    has_tone = any(line.tone is not None for line in found)
    return ["before"] * has_before + ["tone"] * has_tone


def _key(digest: Digest, words: Words) -> str:
    """What the signs of the chart mean, of those that are in it."""
    lost = any(day.mentions is None for day in digest.days)
    return f"{words.say('chart_key')} {words.say('chart_lost')}" if lost else words.say("chart_key")


def _trend(digest: Digest, words: Words) -> str:
    usual, total = digest.volume.usual, digest.volume.mentions or 0
    if usual is None:
        change = digest.volume.change
        if digest.grain == "week" or change is None:
            return words.say("alt_no_usual")
        return words.say("vs_week", change=words.percent(change, signed=True))
    # Within a tenth two totals look alike on the chart, and alike is what is said.
    key = "alt_close" if abs(total - usual) <= usual / 10 else "alt_above" if total > usual else "alt_below"
    return words.say(key, usual=words.number(usual))


def _kicker(digest: Digest, words: Words) -> str:
    return words.say(
        "kicker",
        number=digest.first.isocalendar().week,
        month=words.month(digest.first),
        span=words.span(digest.first, digest.own_days[-1].night if digest.own_days else digest.sent_at.date()),
    )


def _preheader(shown: Sequence[Tile], digest: Digest, words: Words) -> str:
    if not shown:
        return lead(digest, words)
    return " · ".join(f"{tile.label}{words.say('colon')}{tile.value}, {tile.change}" for tile in shown[:2])


def _gap(digest: Digest, words: Words) -> str | None:
    if not digest.gaps:
        return None
    lost = " ".join(_lost(gap, words) for gap in digest.gaps)
    key = "gap_many" if digest.volume.complete else "gap_none"
    complete = words.count("nights_complete", digest.volume.complete)
    return words.say(key, lines=lost, complete=complete, nights=digest.volume.nights)


def _lost(gap: Gap, words: Words) -> str:
    source = capital(words.the_source(gap.source))
    return words.say(f"gap_{gap.status}", source=source, nights=words.nights(gap.nights))


def _tile(tile: Tile) -> View:
    shown: View = {name: getattr(tile, name) for name in ("label", "value", "change", "turn", "note")}
    parts: list[tuple[int, str]] = []
    if tile.low is not None and tile.at is not None and tile.high is not None:
        low, at, high = tile.low, min(tile.at, 98), max(tile.high, tile.at + 2)
        widths = ((low, "g0"), (at - low, "g1"), (2, "g2"), (min(high, 100) - at - 2, "g1"), (100 - high, "g0"))
        parts = [(width, kind) for width, kind in widths if width > 0]
    is_word = not any(c.isdigit() for c in tile.value)
    ends = ENDS.get(tile.metric)
    tint = tile.turn if tile.metric in COLOURED else "same"
    return shown | {
        "parts": parts,
        "ends": ends,
        "sign": SIGNS[tile.turn],
        "tint": tint,
        "colour": COLOURS[tint],
        "is_word": is_word,
    }


def _day(digest: Digest, place: int, words: Words) -> View:
    day = digest.own_days[place]
    name, _, number = words.short_day(day.night).rpartition(" ")
    return {
        "day": words.short_day(day.night),
        "name": name,
        "number": number,
        "mentions": words.say("missing") if day.mentions is None else words.number(day.mentions),
        "is_lost": day.mentions is None,
    }


def _definitions(digest: Digest) -> str:
    """The metrics and their versions, as an analyst finds them in the published file."""
    named = [f"{f.metric}/{f.version}" for f in digest.figures.values() if f.metric in SHOWN]
    return ", ".join(["mentions/1", *named])


SHOWN = ("net_sentiment", "share_of_voice", "reach")
