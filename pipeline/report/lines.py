"""The digest's lists as its templates read them: posts to open, campaigns, peers and sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.report.digest import Digest
from pipeline.report.links import safe_url
from pipeline.report.rows import Peer, Running, Said, Source, Tag
from pipeline.report.text import NBSP, capital, line, tied
from pipeline.report.words import Words

# Two posts to answer are read, and one to thank; a third is on the page.
EACH = {"answer": 2, "thanks": 1}

# Themes and emotions told, at most: the page has them all.
TAGS = (("theme", 3), ("emotion", 2))

# The names that a post answers to, before its first word: they say nothing of the territory, and are people's.
HANDLES = re.compile(r"\A(?:\.?@\S+\s+)+")

View = dict[str, object]


def acts(digest: Digest, words: Words, told: Collection[str]) -> list[View]:
    """Two posts to answer and one to thank, less those that were already shown above; the first of each is labelled."""
    shown: list[View] = []
    for kind, label, posts in (("answer", "answer", digest.answer), ("thanks", "thank", digest.thanks)):
        fresh = [shown_post for said in posts if said.url not in told and (shown_post := post(said, words))]
        for place, one in enumerate(fresh[: EACH[kind]]):
            shown.append({"kind": kind, "label": words.say(label), "is_first": place == 0, "post": one})
    return shown


def post(said: Said, words: Words) -> View | None:
    """A post as a link: its words where terms allow, else what and when it is; None when its address is no link.

    What its title says, source and day, is not said again beside it.
    """
    url = safe_url(said.url)
    if url is None:
        return None
    source, day = words.source(said.source), words.day(said.night)
    on = f"{'du ' if words.language == 'fr' else ''}{day}"
    text = line(HANDLES.sub("", said.text), 110) if said.text else ""
    about = [words.say("said_source", source=source, day=day)] if text else []
    if said.views is not None:
        about.append(words.count("said_views", said.views))
    elif said.interactions:
        about.append(words.count("said_interactions", said.interactions))
    if said.echo > 1:
        about.append(words.count("said_echo", said.echo))
    title = words.say("quote", text=text) if text else words.say("said_open", source=source, day=on)
    return {"url": url, "title": title, "about": " · ".join(about)}


def campaign(campaign: Running, words: Words) -> View:
    """A campaign: when, its pace against the four weeks before, and a word of caution."""
    when = (
        words.say("campaign_open", start=f"{'le ' if words.language == 'fr' else ''}{words.day(campaign.start)}")
        if campaign.end is None
        else words.span(campaign.start, campaign.end)
    )
    if campaign.a_night is None:
        text = words.say("campaign_unknown")
    elif campaign.before is None:
        text = words.say("campaign_alone", a_night=words.decimal(campaign.a_night, 1))
    else:
        pace = {"a_night": words.decimal(campaign.a_night, 1), "before": words.decimal(campaign.before, 1)}
        text = f"{words.say('campaign_figures', **pace)} {words.say('campaign_caution')}"
    named = words.count("campaign_name", campaign.by_name) if campaign.by_name else ""
    return {"name": line(campaign.name, 80), "when": when, "text": f"{text} {named}".strip()}


def peer(peer: Peer, digest: Digest, words: Words) -> View:
    """A member of the peer set; the width of its bar is its share of the largest."""
    own = peer.slug == digest.brand
    mark = f" ({words.say('you')})" if own else f"{NBSP}{words.say('tied')}" if peer.is_tied else ""
    most = max(other.share for other in digest.peers) or 1
    return {
        "name": tied(line(peer.name, 40)) + mark,
        "is_own": own,
        "width": max(round(100 * peer.share / most), 1),
        "share": words.percent(peer.share),
        **_tone(peer.tone, words),
    }


def peers_caption(digest: Digest, words: Words) -> str:
    """What the sign of a tie means, where there is one."""
    tied = any(peer.is_tied and peer.slug != digest.brand for peer in digest.peers)
    return words.say("peers_caption") if tied else ""


def tags(found: Sequence[Tag], words: Words) -> list[View]:
    """What was most talked about, then what was felt: the first few of each that enough people said."""
    kept = [tag for kind, most in TAGS for tag in [tag for tag in found if tag.kind == kind][:most]]
    return [
        {
            "name": capital(words.tag(tag.kind, tag.tag)),
            "share": words.percent(tag.share),
            **_before(None if tag.previous is None else words.percent(tag.previous), words),
            **_tone(tag.tone, words),
        }
        for tag in kept
    ]


def source(source: Source, words: Words) -> View:
    """A source: its mentions, those of the week before, its tone."""
    return {
        "name": line(words.source(source.source), 40),
        "mentions": words.say("missing") if source.mentions is None else words.number(source.mentions),
        **_before(None if source.previous is None else words.number(source.previous), words),
        **_tone(source.tone, words),
    }


def _before(value: str | None, words: Words) -> View:
    """A figure of the period before: in a column, and as the text says it, or does not."""
    return {"before": value or "–", "told_previous": words.say("told_before", value=value) if value else ""}


def _tone(value: float | None, words: Words) -> View:
    """A tone in a column of its own, and as the text says it, or does not."""
    if value is None:
        return {"tone": words.say("too_few_short"), "told_tone": ""}
    tone = words.decimal(value, signed=True)
    return {"tone": tone, "told_tone": f"{words.say('tone').lower()} {tone}"}
