"""Eighteen made-up weeks that end with week 53 of 2026: each brand lives one case that a digest must tell rightly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from pipeline import warehouse
from pipeline.collect import Legal
from pipeline.model import Brand, Campaign, Subscriber
from tests.warehouse import story

FIRST, LAST = date(2026, 8, 31), date(2027, 1, 3)
W53 = date(2026, 12, 28)
W43 = date(2026, 10, 19)  # summer time ends on its Sunday: a night of 25 hours
DECEMBER = date(2026, 12, 1)
FAILED = (date(2026, 12, 29), date(2026, 12, 30))
SOURCES = ("bluesky", "mastodon", "x")

# X may be shown in the published file here, so that only the digest's own rule keeps its words out of mails.
LEGAL = {name: Legal("made up", show_text=True) for name in SOURCES}

PEERS = ("quiet", "busy", "buzz")
BRANDS = (
    Brand("quiet", "Calme & Fils", "Calme", "1", "commune", peers=PEERS),
    Brand(
        "busy",
        "Le Territoire « Animé »",
        "Animé",
        "2",
        "commune",
        peers=PEERS,
        campaigns=(
            Campaign("Un hiver <dehors>", date(2026, 12, 21), None, "affichage"),
            Campaign("Passée", date(2026, 9, 1), date(2026, 9, 20)),
        ),
        subscribers=(Subscriber("equipe@example.org"), Subscriber("team@example.org", "en")),
    ),
    Brand("buzz", "Tempête", "Tempête", "3", "commune", peers=PEERS),
    Brand("outage", "Côte-à-Côte", "Côte", "4", "commune"),
    Brand("newcomer", "Nouvelle Marque", "Nouvelle", "5", "commune"),
    Brand("small", "Petit-Lieu", "Petit", "6", "commune"),
    Brand("silent", "Jamais écouté", "Silence", "7", "commune"),
)
BY_SLUG = {brand.slug: brand for brand in BRANDS}

# Mentions on an ordinary night, by source in turn: two of four on Bluesky, one on Mastodon, one on X.
ORDINARY = {"quiet": 6, "busy": 8, "buzz": 8, "outage": 6, "small": 1}
TURNS = ("bluesky", "x", "bluesky", "mastodon")
TONES = ("positive", "neutral", "neutral", "negative", "positive", "neutral", "positive", None)
SCORES = {"positive": 0.8, "neutral": 0.0, "negative": -0.8}
STORM = ("negative", "negative", "negative", "neutral")


def publish(home: Path) -> Path:
    """Build and publish the weeks, once; the path of the published file."""
    store = story.Store()
    for number, (brand, night) in enumerate((b, n) for n in nights() for b in BRANDS):
        _live(store, brand.slug, night, Random(number))
    for night in nights():
        _ledger(store, night)
    now = story.moment(LAST)
    warehouse.build(home, store, BRANDS, LEGAL, night=LAST, now=now, code_version="test")
    return warehouse.publish(home, night=LAST, now=now).path


def nights() -> Iterator[date]:
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def _ledger(store: story.Store, night: date) -> None:
    """Every source answers for every brand, but for the outage of one and the first week of another."""
    for source in SOURCES:
        for brand in ORDINARY.keys() | ({"newcomer"} if night >= W53 else set()):
            failed = brand == "outage" and source == "mastodon" and night in FAILED
            story.night(store, night, "failed" if failed else "complete", source, brand)


def _live(store: story.Store, brand: str, night: date, random: Random) -> None:
    last_week = night >= W53
    count = ORDINARY.get(brand, 0) + random.choice((-1, 0, 0, 1)) * (brand in {"quiet", "busy", "buzz", "outage"})
    if brand == "newcomer" and last_week:
        count = 6
    if brand == "busy" and last_week:
        count = 60 if night.weekday() == 3 else 20
    if brand == "buzz" and last_week:
        count = 22
    for place in range(count):
        _post(store, brand, night, place, random, STORM if brand == "buzz" and last_week else TONES)


def _post(
    store: story.Store, brand: str, night: date, place: int, random: Random, tones: tuple[str | None, ...]
) -> None:
    number = (night - FIRST).days * 1000 + place
    key = [b.slug for b in BRANDS].index(brand) * 10_000_000 + number + 1
    source = "x" if brand == "busy" and place % 3 == 0 and night >= W53 else TURNS[place % len(TURNS)]
    wave = brand == "buzz" and night >= W53 and place < 3
    created = datetime.combine(night, time(10), UTC) + timedelta(minutes=place)
    reach = float(random.randrange(20, 400))
    story.post(
        store,
        key,
        night,
        source=source,
        text=f"{'SECRET-X ' if source == 'x' else ''}{BY_SLUG[brand].territory}, note {key}",
        url=f"https://{source}.example.org/{key}",
        author_key=random.randrange(200) + 1000 * number,
        cluster_key=77 if wave else key,
        created_at=created,
        reach_low=reach / 2,
        reach_central=reach,
        reach_high=reach * 2,
    )
    label = random.choice(tones)
    read = {"emotions": "joy" if place % 3 == 0 else "", "audiences": "visitors" if place % 2 else ""}
    # Every fifth is hardly of its tone: nobody is asked to answer or to thank for it.
    score = SCORES[label] / (4 if place % 5 == 0 else 1) if label else None
    told = {"label": label, "score": score, "scorer": "fr/1" if label else None}
    story.mention(store, key, brand, by_brand_name=place == 5, **told, **read)
    if place % 2:
        seen = {"likes": random.randrange(40), "reposts": random.randrange(5), "views": random.randrange(100, 5000)}
        story.seen(store, key, created + timedelta(hours=20), **seen)
