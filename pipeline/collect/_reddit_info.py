"""What Reddit says of things by their names, one call each, and how its listings are read without trust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import praw

from pipeline.collect._json import dig, many
from pipeline.collect._reddit_door import Door, wall
from pipeline.collect._reddit_thing import Thing
from pipeline.errors import UnavailableError


def known(reddit: praw.Reddit, door: Door, names: Sequence[str]) -> dict[str, Thing]:
    """What Reddit says of full names, in one call; what it does not know is left out."""
    door.brands = ()
    with wall():
        told = reddit.request(method="GET", path="api/info/", params={"id": ",".join(names)})
    return {f"{dig(one, 'kind')}_{thing.get('id')}": thing for one in children(told) if (thing := thing_of(one))}


def closed_among(reddit: praw.Reddit, door: Door, subreddits: Sequence[str]) -> list[str]:
    """Those of the subreddits that do not exist or are private, in one call."""
    door.brands = ()
    with wall():
        told = reddit.request(method="GET", path="api/info/", params={"sr_name": ",".join(subreddits)})
    found = [dig(one, "data") for one in children(told)]
    names = {str(dig(one, "display_name")).lower() for one in found if dig(one, "subreddit_type") != "private"}
    return [name for name in subreddits if name.lower() not in names]


def children(told: object) -> list[object]:
    """What a listing holds. Raises UnavailableError for what is no listing: no answer is not an empty one."""
    if dig(told, "kind") != "Listing" or not isinstance(dig(told, "data", "children"), list):
        raise UnavailableError("reddit: an answer that is no listing", source="reddit")
    return many(told, "data", "children")


def thing_of(child: object) -> Thing | None:
    """What one child of a listing is about, None when it holds nothing."""
    told = dig(child, "data")
    return cast(Thing, told) if isinstance(told, dict) else None
