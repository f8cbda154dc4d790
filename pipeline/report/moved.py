"""What moved and why: at most three sentences, each from a row, with the post that shows it where terms allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.report.anomalies import Anomaly
from pipeline.report.digest import Digest
from pipeline.report.lead import level, peak_day, unusual
from pipeline.report.rows import Said
from pipeline.report.text import capital
from pipeline.report.words import Words

# Three is what is read; the fourth is on the page.
MOST = 3
# A source is worth a sentence when it doubled or halved, on numbers that are not chance (ten against five).
SOURCE_RATIO, SOURCE_LEAST = 2.0, 10
# A text posted five times is a wave or a copied press release; fewer is conversation.
ECHO_LEAST = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One sentence on what moved, and the post behind it; one that is `about` the post is idle where that was shown."""

    text: str
    post: Said | None = None
    is_about_post: bool = False


def moves(digest: Digest, words: Words) -> list[Move]:
    """The first three that hold, the most telling first; one sentence says so when nothing moved."""
    if digest.is_small:
        return []
    rules = (_peak, _trough, _tone, _voice, _echo, _source, _name)
    found = _each_post_once(move for rule in rules for move in rule(digest, words))
    return [*islice(found, MOST)] or [Move(words.say("moved_new" if _is_new(digest) else "moved_nothing"))]


def _is_new(digest: Digest) -> bool:
    """Whether there is no habit yet, so that nothing can be said to be as usual; a month is compared with the last."""
    return level(digest) == "new" and (digest.grain == "week" or digest.volume.change is None)


def _each_post_once(found: Iterable[Move]) -> Iterator[Move]:
    shown: set[str] = set()
    for move in found:
        if move.post is None or move.post.url not in shown:
            yield move
        elif not move.is_about_post:
            yield Move(move.text)
        shown |= {move.post.url} if move.post else set()


def _peak(digest: Digest, words: Words) -> Iterator[Move]:
    top = peak_day(digest)
    if top is None or top.usual is None:
        return
    text = _night(top.night, top.mentions or 0, top.usual, words)
    odd = next((odd for odd in unusual(digest, "up") if odd.night == top.night), None)
    if odd is not None:
        text = f"{text} {cause(odd, words)}"
    post = digest.peak if digest.peak and digest.peak.night == top.night else None
    yield Move(f"{text} {words.say('moved_peak_post')}" if post else text, post)


def _trough(digest: Digest, words: Words) -> Iterator[Move]:
    """The nights on which far less was said than usual: the lowest with its figures, the others by name."""
    low = unusual(digest, "down")
    if not low:
        return
    text = f"{_night(low[0].night, round(low[0].observed), low[0].usual or 0, words)} {cause(low[0], words)}"
    others = sorted(odd.night for odd in low[1:])
    yield Move(f"{text} {words.say('moved_also', nights=words.nights(others))}" if others else text)


def _night(night: date, n: int, usual: float, words: Words) -> str:
    told = {"mentions": words.mentions(n), "usual": words.number(usual)}
    return words.say("moved_night", day=capital(words.day(night)), **told)


def cause(odd: Anomaly, words: Words) -> str:
    """Why a night is unusual, in one sentence."""
    named = odd.most_of or odd.source
    key = "volume" if odd.cause == "source_mix" and named == "*" else odd.cause
    key = "quiet" if key == "volume" and odd.direction == "down" else key
    return words.say(
        f"cause_{key}",
        share=words.percent(odd.viral_share or 0),
        tone=words.decimal(odd.tone or 0, signed=True),
        usual=words.decimal(odd.usual_tone or 0, signed=True),
        source=words.the_source(named),
    )


def _tone(digest: Digest, words: Words) -> Iterator[Move]:
    """The change of tone, split into the weight of the sources and the tone inside them."""
    tone = digest.figures.get("net_sentiment")
    if tone is None or tone.turn == "same" or tone.told is None or tone.previous is None or tone.value is None:
        return
    text = words.say(
        "moved_tone",
        change=words.decimal(tone.told, signed=True),
        before=words.decimal(tone.previous, signed=True),
        after=words.decimal(tone.value, signed=True),
    )
    posts = digest.thanks if tone.turn == "up" else digest.answer
    yield Move(f"{text} {_cause(digest, words)}".rstrip(), posts[0] if posts else None)


def _cause(digest: Digest, words: Words) -> str:
    if digest.mix_effect is None or digest.tone_effect is None:
        return ""
    if len(digest.sources) == 1:
        return words.say("moved_tone_one")
    return words.say("moved_tone_in" if abs(digest.tone_effect) >= abs(digest.mix_effect) else "moved_tone_mix")


def _voice(digest: Digest, words: Words) -> Iterator[Move]:
    voice = digest.figures.get("share_of_voice")
    if voice is None or voice.turn == "same" or voice.told is None or voice.previous is None or voice.value is None:
        return
    change = words.decimal(100 * voice.told, 0, signed=True)
    before, after = words.percent(voice.previous), words.percent(voice.value)
    yield Move(words.say("moved_voice", change=change, before=before, after=after))


def _echo(digest: Digest, words: Words) -> Iterator[Move]:
    told = [digest.peak, *digest.answer, *digest.thanks]
    repeated = [said for said in told if said is not None and said.echo >= ECHO_LEAST]
    if repeated and (peak_day(digest) is None or digest.peak not in repeated):
        most = max(repeated, key=lambda said: said.echo)
        yield Move(words.count("moved_echo", most.echo), most, is_about_post=True)


def _source(digest: Digest, words: Words) -> Iterator[Move]:
    if digest.volume.like_nights < digest.volume.nights:
        return
    for source in digest.sources:
        now, before = source.mentions or 0, source.previous
        if before is None or max(now, before) < SOURCE_LEAST:
            continue
        if now >= SOURCE_RATIO * before or before >= SOURCE_RATIO * now:
            told = {"mentions": words.mentions(now), "previous": words.number(before)}
            yield Move(words.say("moved_source", source=words.source(source.source), **told))


def _name(digest: Digest, words: Words) -> Iterator[Move]:
    """The brand's own name taken up, or dropped, by others: what a campaign is for."""
    now, before = digest.volume.by_name, digest.volume.previous_by_name
    if now is None or before is None or digest.volume.like_nights < digest.volume.nights:
        return
    if max(now, before) >= SOURCE_LEAST and max(now, before) >= SOURCE_RATIO * min(now, before):
        yield Move(words.count("moved_name", now, before=words.number(before)))
