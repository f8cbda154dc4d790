"""The shape of a brand file: its tables, its keys, and what each holds. docs/brands.md prints these."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("region", "departement", "metropole", "agglo", "commune", "area")
SENSE_KINDS = ("club", "other_place", "person", "word", "spam")
# The languages that mails are written in; those listened to are many more.
MAIL_LANGUAGES = ("fr", "en")
FREQUENCIES = ("weekly", "monthly", "alerts")


@dataclass(frozen=True, slots=True)
class Key:
    """What stands under one key. `holds` is text, texts, day, since, flag or choice; `says` explains it in the docs."""

    holds: str
    says: str
    required: bool = False
    among: tuple[str, ...] = ()


# Tables written once: [identity], [words], [accounts], [press], [attention].
TABLES: dict[str, dict[str, Key]] = {
    "identity": {
        "name": Key("text", "the brand as its owner writes it", required=True),
        "territory": Key("text", "the territory the brand speaks for", required=True),
        "level": Key("choice", "what kind of territory it is", required=True, among=LEVELS),
        "insee": Key("text", "INSEE code; for a métropole or an agglo, its centre's commune; none for an area"),
        "since": Key("since", "launch date, or the year alone when the day is not known"),
        "languages": Key("texts", 'languages listened to, as two letters; `["fr"]` when left out'),
        "peers": Key("texts", "file names (without .toml) of the brands it is compared with"),
    },
    "words": {
        "names": Key("texts", "ways of writing the brand's name; `name` itself is added unless it is one of `places`"),
        "taglines": Key("texts", "slogans: they count as mentions and never as praise"),
        "hashtags": Key("texts", "hashtags of the brand, with or without #"),
        "handles": Key("texts", "accounts people address, with or without @"),
        "places": Key("texts", "names of the territory itself"),
        "inhabitants": Key("texts", "names of its inhabitants"),
        "context": Key("texts", "words that, beside a doubtful name, say that it is this territory"),
    },
    "accounts": {
        "owned": Key("texts", "accounts and sites of the brand's owner: their posts are not praise"),
        "partners": Key("texts", "accounts and sites of partners (tourist office, region, club of firms)"),
    },
    "press": {
        "feeds": Key("texts", "addresses of RSS feeds of the regional press"),
    },
    "attention": {
        "articles": Key("texts", 'Wikipedia articles on the territory: `"Dijon"`, `"en:Dijon"`; views add up'),
    },
}

# Tables written as often as needed: [[sense]], [[campaign]], [[subscriber]], [[example]].
LISTS: dict[str, dict[str, Key]] = {
    "sense": {
        "name": Key("text", "the other meaning, in a few words", required=True),
        "kind": Key("choice", "what that meaning is", required=True, among=SENSE_KINDS),
        "words": Key("texts", "words or phrases that give it away", required=True),
        "of": Key("texts", "which of the brand's terms it concerns; all of them when left out"),
    },
    "campaign": {
        "name": Key("text", "name of the campaign", required=True),
        "start": Key("day", "first day", required=True),
        "end": Key("day", "last day, included; left out while it runs"),
        "channel": Key("text", "where it was seen: affichage, réseaux sociaux, presse..."),
    },
    "subscriber": {
        "email": Key("text", "address the digest goes to", required=True),
        "language": Key("choice", "language of the digest; `fr` when left out", among=MAIL_LANGUAGES),
        "frequency": Key("choice", "`weekly` when left out; `alerts`: unusual nights alone", among=FREQUENCIES),
    },
    "example": {
        "text": Key("text", "a sentence as people write it", required=True),
        "accepted": Key("flag", "`true` if it speaks of this territory, `false` if not", required=True),
    },
}
