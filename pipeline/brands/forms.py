"""The forms that hashtags, handles, accounts, addresses and language codes take, and their one spelling in a Brand."""

from __future__ import annotations

import re

# ISO 639-1, the two-letter codes.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na
nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so
sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_CODES.split())

PLATFORMS = ("x", "bluesky", "mastodon", "youtube", "reddit", "rss", "sample")

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# How the slugs of the national catalogue begin: a brand file must not take one.
NATIONAL_SLUG = re.compile(r"(?:region|departement|commune)-\d[\dab]*-")

# 64: the width of the store's column. A file name longer than that is a sentence.
LONGEST_SLUG = 64

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
_HASHTAG = re.compile(r"#?(?=\d*[^\W\d])(\w+)")
_HANDLE = re.compile(rf"@?([\w-][\w.-]{{0,62}}(?:@{_HOST})?)", re.IGNORECASE)
_EMAIL = re.compile(rf"[\w!#$%&'*+/=?^`{{|}}~-]+(?:\.[\w!#$%&'*+/=?^`{{|}}~-]+)*@{_HOST}", re.IGNORECASE | re.ASCII)
_FEED = re.compile(rf"https?://{_HOST}(?::\d{{1,5}})?(?:/[^\s\"<>]*)?", re.IGNORECASE)
_ACCOUNTS = {
    "x": re.compile(r"@?(\w{1,15})", re.ASCII),
    "bluesky": re.compile(rf"@?({_HOST})"),
    "mastodon": re.compile(rf"@?([\w.-]+@{_HOST})", re.ASCII),
    "youtube": re.compile(r"(@?[\w.-]{3,30})"),
    "reddit": re.compile(r"(?:u/)?([\w-]{3,20})", re.ASCII),
    "rss": re.compile(rf"({_HOST})"),
    "sample": re.compile(r"(\w{1,60})", re.ASCII),
}


def hashtag(text: str) -> str | None:
    """The hashtag without its #, or None: letters, digits and underscores, at least one letter."""
    found = _HASHTAG.fullmatch(text)
    return found[1] if found else None


def handle(text: str) -> str | None:
    """The handle without its leading @, or None: `dijon`, `dijon.bsky.social`, `dijon@example.org`."""
    found = _HANDLE.fullmatch(text)
    return found[1] if found else None


def account(text: str) -> str | None:
    """`platform:account` in lower case without a leading @, or None. The platform is one of PLATFORMS."""
    platform, _, name = text.lower().replace(" ", "").partition(":")
    form = _ACCOUNTS.get(platform)
    found = form.fullmatch(name) if form else None
    return f"{platform}:{found[1]}" if found else None


def email(text: str) -> str | None:
    """The address in lower case, or None. 254 characters is the longest that SMTP carries (RFC 5321)."""
    return text.lower() if len(text) <= 254 and _EMAIL.fullmatch(text) else None


def feed(text: str) -> str | None:
    """The address of a feed, or None: http or https with a public host name."""
    return text if _FEED.fullmatch(text) else None


def article(text: str) -> str | None:
    """`language:title`, French when no language is said, or None: MediaWiki takes 255 bytes and refuses some signs."""
    language, colon, title = text.partition(":")
    if not colon or language not in LANGUAGES:
        language, title = "fr", text
    title = " ".join(title.replace("_", " ").split())
    is_title = 0 < len(title.encode()) <= 255 and title.isprintable() and not set(title) & set("#<>[]|{}")
    return f"{language}:{title}" if is_title else None


def slug(text: str) -> str | None:
    """The text when it can name a brand: small letters without accents, digits, single hyphens; else None."""
    is_free = not NATIONAL_SLUG.match(text) and len(text) <= LONGEST_SLUG
    return text if is_free and SLUG.fullmatch(text) else None
