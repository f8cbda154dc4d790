"""What a post becomes when it is seen again: the same rows whatever the order in which its versions arrived.

The newest version (by `seen_at`) is what the platform says now; what it does not know, an older one may still tell.
Nothing here reads a database.
"""

from __future__ import annotations

from typing import Literal

from pipeline.store.rows import SCORES, Row

Again = Literal["first", "same_text", "edited", "outdated"]

# Facts that never change on a platform: known once, they stay known.
_LASTING = ("author_key", "handle_key", "url", "repost_of_key", "quote_of_key", "reply_to_key")
# Reach is estimated from followers: they are kept or replaced together.
_AUDIENCE = ("followers", "reach_low", "reach_central", "reach_high", "reach_version")
# What we compute ourselves: the newest computation wins, not the newest sighting.
_OURS = ("ownership", "cluster_key", "near_key", "lang")
# What goes when the text expires.
_EXPIRING = ("text", "url", "post_id")

# The rule of a mention whose words are gone from the post, or that the rules no longer find.
EDITED_OUT = "edited-out"
NOT_FOUND_AGAIN = "not-found-again"


def post(stored: Row | None, seen: Row) -> tuple[Row, Again]:
    """The post's row after this sighting (`stored` itself when nothing changes), and what the sighting is to it."""
    if stored is None:
        return seen, "first"
    newest = _as_newest(stored, seen)
    same_text = newest["text"] == stored["text"]
    late = seen["seen_at"] < stored["seen_at"]
    newest["seen_at"] = stored["seen_at"]
    if newest == stored:
        # The same version: it keeps the moment at which it was first seen, so that a replay changes nothing.
        return (stored | {"seen_at": seen["seen_at"]} if late else stored), "same_text"
    if late:
        return _told_late(stored, newest, same_text), "same_text" if same_text else "outdated"
    return newest | {"seen_at": seen["seen_at"]}, "same_text" if same_text else "edited"


def _as_newest(stored: Row, seen: Row) -> Row:
    row = dict(seen)
    for name in _LASTING:
        if row[name] is None:
            row[name] = stored[name]
    if row["followers"] is None:
        row |= {name: stored[name] for name in _AUDIENCE}
    if stored["text"] is None:
        row |= dict.fromkeys(_EXPIRING)  # expired text never returns
    if row["text"] == stored["text"]:
        row["lang"] = stored["lang"] or row["lang"]  # the scorer's reading stands while the text does
    row["expires_on"] = min(stored["expires_on"], row["expires_on"])
    return row


def _told_late(stored: Row, newest: Row, same_text: bool) -> Row:
    """An older version arrives after a newer one: it may only fill what is unknown."""
    row = dict(stored)
    for name in _LASTING:
        row[name] = stored[name] if stored[name] is not None else newest[name]
    if stored["followers"] is None:
        row |= {name: newest[name] for name in _AUDIENCE}
    if same_text:
        row |= {name: newest[name] for name in _OURS}
    row["expires_on"] = newest["expires_on"]
    return stored if row == stored else row


def mentions(
    stored: dict[str, Row], seen: dict[str, Row], again: Again, *, expired: bool, scope: frozenset[str] = frozenset()
) -> dict[str, Row]:
    """The rows that change, by brand. `scope` names the brands that were listened for, when they are known.

    A mention that an edit took out stays as a refused row, so that the order in which versions arrive does not matter
    and the build hears of it like of any change.
    """
    if again == "outdated":
        return {brand: _gone(row, EDITED_OUT) for brand, row in seen.items() if brand not in stored}
    after = {brand: _seen_again(stored.get(brand), row, again, expired) for brand, row in seen.items()}
    for brand in stored.keys() - seen.keys():
        if again == "edited":
            after[brand] = _gone(stored[brand], EDITED_OUT)
        elif brand in scope and stored[brand]["rule"] != EDITED_OUT:
            after[brand] = _gone(stored[brand], NOT_FOUND_AGAIN)
    return {brand: row for brand, row in after.items() if row != stored.get(brand)}


def _seen_again(stored: Row | None, seen: Row, again: Again, expired: bool) -> Row:
    row = seen | {"evidence": None} if expired else seen
    if stored is None or again == "edited" or (stored["start"], stored["end"]) != (row["start"], row["end"]):
        return row
    return row | {name: stored[name] for name in SCORES}


def _gone(row: Row, rule: str) -> Row:
    nothing = {"sense": "word", "accepted": False, "by_brand_name": False, "start": 0, "end": 0, "rule": rule}
    return row | nothing | dict.fromkeys(("territory", "evidence", *SCORES))
