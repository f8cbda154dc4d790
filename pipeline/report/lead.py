"""The first sentence and the subject: written from the same row as the figures under them, so they cannot disagree."""

from __future__ import annotations

from statistics import median

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
        return words.say("lead_small", least=LEAST_MENTIONS, authors=LEAST_AUTHORS)
    opening = f"lead_{'partial_' if digest.volume.complete < digest.volume.nights else ''}{_mood(digest)}"
    volume = digest.volume
    return words.say(
        opening,
        month=words.month(digest.first),
        mentions=words.count("mentions", volume.mentions or 0),
        complete=volume.complete,
        low=words.number(volume.usual_low or 0),
        high=words.number(volume.usual_high or 0),
        peak=_peak(digest, words),
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
    """Where the week stands: above, below, usual, or new when there is no habit to compare with."""
    volume = digest.volume
    if volume.mentions is None or volume.usual_low is None or volume.usual_high is None:
        return "new"
    # What is compared is what is printed, whole numbers: "90, above 34 to 90" would read as an error.
    if volume.mentions > round(volume.usual_high):
        return "above"
    return "below" if volume.mentions < round(volume.usual_low) else "usual"


def peak_day(digest: Digest) -> Day | None:
    """The week's highest day when it stands out from its usual level, else None."""
    known = [day for day in digest.own_days if day.mentions is not None]
    if digest.is_small or not known:
        return None
    top = max(known, key=lambda day: day.mentions or 0)
    if top.usual is None:
        return None
    middle = median(day.mentions or 0 for day in known)
    least = max(PEAK_RATIO * top.usual, PEAK_OVER_WEEK * middle, PEAK_LEAST)
    return top if (top.mentions or 0) >= least else None


def _mood(digest: Digest) -> str:
    """The level, told as a storm when more is said and clearly worse."""
    tone, stands = digest.figures.get("net_sentiment"), level(digest)
    worse = tone is not None and tone.is_clear is True and (tone.change or 0) < 0
    return "storm" if stands == "above" and worse else stands


def _peak(digest: Digest, words: Words) -> str:
    top = peak_day(digest)
    if top is None:
        return ""
    return words.say("lead_peak", n=words.number(top.mentions or 0), day=_on(words.day(top.night), words))


def _on(day: str, words: Words) -> str:
    return f"le {day}" if words.language == "fr" else day


def _tone(digest: Digest, words: Words) -> str:
    tone = digest.figures.get("net_sentiment")
    if tone is None or tone.value is None:
        return words.say("lead_tone_none")
    value = words.decimal(tone.value, signed=True)
    if tone.change is None:
        return words.say("lead_tone_first", value=value)
    moved = ("up" if tone.change > 0 else "down") if tone.is_clear else "same"
    return words.say(f"lead_tone_{moved}", value=value)
