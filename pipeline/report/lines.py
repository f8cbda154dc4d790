"""The digest's lists as its templates read them: posts to open, campaigns, peers and sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.report.digest import Digest
from pipeline.report.links import safe_url
from pipeline.report.rows import Peer, Running, Said, Source, Tag
from pipeline.report.text import capital, line
from pipeline.report.words import Words

# Two posts of each kind are read; a third is on the page.
EACH = 2

# Themes and emotions told, at most: the page has them all.
TAGS = (("theme", 4), ("emotion", 2))

View = dict[str, object]


def acts(digest: Digest, words: Words, told: Collection[str]) -> list[View]:
    """Two posts to answer and two to thank, less those that were already shown above; the first of each is labelled."""
    shown: list[View] = []
    for kind, label, posts in (("answer", "answer", digest.answer), ("thanks", "thank", digest.thanks)):
        fresh = [shown_post for said in posts if said.url not in told and (shown_post := post(said, words))]
        for place, one in enumerate(fresh[:EACH]):
            shown.append({"kind": kind, "label": words.say(label), "is_first": place == 0, "post": one})
    return shown


def post(said: Said, words: Words) -> View | None:
    """A post as a link: its words where terms allow, else what and when it is; None when its address is no link."""
    url = safe_url(said.url)
    if url is None:
        return None
    source, day = words.source(said.source), words.day(said.night)
    on = f"{'du ' if words.language == 'fr' else ''}{day}"
    text = line(said.text, 110) if said.text else ""
    about = [words.say("said_source", source=source, day=day)]
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
    mark = f" ({words.say('you')})" if own else f" {words.say('tied')}" if peer.is_tied else ""
    most = max(other.share for other in digest.peers) or 1
    return {
        "name": line(peer.name, 40) + mark,
        "is_own": own,
        "width": max(round(100 * peer.share / most), 1),
        "share": words.percent(peer.share),
        "tone": words.say("too_few_short") if peer.tone is None else words.decimal(peer.tone, signed=True),
    }


def peers_caption(digest: Digest, words: Words) -> str:
    """On how many mentions the shares are, and what the sign of a tie means."""
    voice = digest.figures.get("share_of_voice")
    return words.say("peers_caption", n=words.number(voice.n or 0)) if voice else ""


def tags(found: Sequence[Tag], words: Words) -> list[View]:
    """What was most talked about, then what was felt: the first few of each that enough people said."""
    kept = [tag for kind, most in TAGS for tag in [tag for tag in found if tag.kind == kind][:most]]
    return [
        {
            "name": capital(words.say(f"{tag.kind}_{tag.tag}")),
            "share": words.percent(tag.share),
            "previous": "–" if tag.previous is None else words.percent(tag.previous),
            "tone": words.say("too_few_short") if tag.tone is None else words.decimal(tag.tone, signed=True),
        }
        for tag in kept
    ]


def source(source: Source, words: Words) -> View:
    """A source: its mentions, those of the week before, its tone."""
    return {
        "name": line(words.source(source.source), 40),
        "mentions": words.say("missing") if source.mentions is None else words.number(source.mentions),
        "previous": "–" if source.previous is None else words.number(source.previous),
        "tone": words.say("too_few_short") if source.tone is None else words.decimal(source.tone, signed=True),
    }
