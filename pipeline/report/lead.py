"""The first sentence and the subject: written from the same row as the figures under them, so they cannot disagree."""

from __future__ import annotations

from statistics import median

from pipeline.report.anomalies import Anomaly
from pipeline.report.digest import LEAST_AUTHORS, LEAST_MENTIONS, Digest
from pipeline.report.rows import Day
from pipeline.report.text import line
from pipeline.report.words import Words

# A day is a peak worth a word from twice its usual level, and not below what a single conversation brings.
PEAK_RATIO, PEAK_LEAST = 2.0, 10
# In a week that is high every day, a day is no peak unless it is half as high again as the middle one.
PEAK_OVER_WEEK = 1.5


def lead(digest: Digest, words: Words) -> str:
    """One sentence: how much against the usual range, the peak if there is one, and where the tone went."""
    if digest.volume.complete == 0:
        return words.say("lead_unknown")
    if digest.is_small:
        return words.say("lead_small", least=LEAST_MENTIONS, authors=LEAST_AUTHORS) + _fall(digest, words)
    opening = f"lead_{'partial_' if digest.volume.complete < digest.volume.nights else ''}{_mood(digest)}"
    volume = digest.volume
    return words.say(
        opening,
        month=words.month(digest.first),
        mentions=words.count("mentions", volume.mentions or 0),
        nights=words.count("nights_collected", volume.complete),
        low=words.number(volume.usual_low or 0),
        high=words.number(volume.usual_high or 0),
        peak=_peak(digest, words) + _trough(digest, words),
    ) + _tone(digest, words)


def subject(digest: Digest, words: Words) -> str:
    """Brand, week, mentions and change; no emoji, nothing that could start another header."""
    when = {"number": digest.first.isocalendar().week, "month": words.month(digest.first)}
    brand = line(digest.name, 60)
    if digest.volume.complete == 0:
        return words.say("subject_unknown", brand=brand, **when)
    if digest.is_small:
        return words.say("subject_small", brand=brand, **when)
    change = digest.volume.change
    return words.say(
        "subject",
        brand=brand,
        **when,
        mentions=words.count("mentions", digest.volume.mentions or 0),
        change=f" ({words.percent(change, signed=True)})" if change is not None else "",
    )


def level(digest: Digest) -> str:
    """Where the week stands: above, below, usual; varied when its weeks differ too much for a range, new when too few
    are known.
    """
    volume = digest.volume
    if volume.mentions is None or volume.usual_low is None or volume.usual_high is None:
        return "new" if volume.usual is None else "varied"
    # What is compared is what is printed, whole numbers: "90, above 34 to 90" would read as an error.
    if volume.mentions > round(volume.usual_high):
        return "above"
    return "below" if volume.mentions < round(volume.usual_low) else "usual"


def peak_day(digest: Digest) -> Day | None:
    """The week's highest day when it stands out from its usual level, else None.

    In a week that is not high as a whole an unusual night stands out by itself: the page and the alert call it so.
    """
    known = [day for day in digest.own_days if day.mentions is not None]
    if digest.is_small or not known:
        return None
    top = max(known, key=lambda day: day.mentions or 0)
    if top.usual is None:
        return None
    if level(digest) != "above" and any(odd.night == top.night for odd in unusual(digest, "up")):
        return top
    middle = median(day.mentions or 0 for day in known)
    least = max(PEAK_RATIO * top.usual, PEAK_OVER_WEEK * middle, PEAK_LEAST)
    return top if (top.mentions or 0) >= least else None


def unusual(digest: Digest, direction: str) -> list[Anomaly]:
    """The nights that are unusual in one direction, all sources together, the furthest from its usual level first."""
    found = [odd for odd in digest.unusual if odd.source == "*" and odd.direction == direction]
    return sorted(found, key=lambda odd: (-abs(odd.observed - (odd.usual or 0)), odd.night))


def _mood(digest: Digest) -> str:
    """The level, told as a storm when more is said and clearly worse."""
    tone, stands = digest.figures.get("net_sentiment"), level(digest)
    worse = tone is not None and tone.turn == "down"
    return "storm" if stands == "above" and worse else stands


def _peak(digest: Digest, words: Words) -> str:
    top = peak_day(digest)
    if top is None:
        return ""
    return words.say("lead_peak", n=words.number(top.mentions or 0), day=_on(words.day(top.night), words))


def _trough(digest: Digest, words: Words) -> str:
    """The night on which least was said; not one on which a source left, for that is no news of the territory."""
    low = next((odd for odd in unusual(digest, "down") if odd.cause != "definition"), None)
    if low is None:
        return ""
    n, but = round(low.observed), words.say("lead_and" if level(digest) == "below" else "lead_but")
    key = "lead_trough" if n else "lead_trough_none"
    return words.say(key, but=but, n=words.number(n), day=_on(words.day(low.night), words))


def _fall(digest: Digest, words: Words) -> str:
    """That so little is said where much is said as a rule is news in itself."""
    volume = digest.volume
    if level(digest) != "below":
        return ""
    low, high = words.number(volume.usual_low or 0), words.number(volume.usual_high or 0)
    return words.say("lead_small_fall", low=low, high=high)


def _on(day: str, words: Words) -> str:
    return f"le {day}" if words.language == "fr" else day


def _tone(digest: Digest, words: Words) -> str:
    tone = digest.figures.get("net_sentiment")
    if tone is None or tone.value is None:
        return words.say("lead_tone_none")
    value = words.decimal(tone.value, signed=True)
    if tone.told is None:
        return words.say("lead_tone_first", value=value)
    return words.say(f"lead_tone_{tone.turn}", value=value)
