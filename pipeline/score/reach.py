"""Estimates on how many screens a post appeared: never people, never summed over platforms that forbid it."""

from __future__ import annotations

from pipeline.model import Reach

VERSION = "reach/1"

# Share of an author's followers on whose screens a post appears: the published "likely impressions" formula of
# Sprinklr. Large accounts reach a smaller share of their followers.
SMALL, LARGE = 100_000, 10_000_000  # followers
SHARE_SMALL, SHARE_LARGE = 0.15, 0.06
# Our own bounds, to be recalibrated on posts whose views are observed.
LOW, HIGH = 0.5, 2.0


def estimate(source: str, followers: int | None, views: int | None) -> Reach:
    """Reach of one post: what `source` observed and, from the author's followers, low, central and high.

    Unknown followers give None, never 0. A negative count is impossible and is read as unknown.
    """
    observed = views if views is None or views >= 0 else None
    if followers is None or followers < 0:
        return Reach(observed, None, None, None, VERSION)
    central = followers * share(followers)
    return Reach(observed, LOW * central, central, HIGH * central, VERSION)


def share(followers: int) -> float:
    """f(F): 0.15 up to 100,000 followers, 0.06 from 10 million, a straight line between."""
    if followers <= SMALL:
        return SHARE_SMALL
    if followers >= LARGE:
        return SHARE_LARGE
    return SHARE_SMALL - (SHARE_SMALL - SHARE_LARGE) * (followers - SMALL) / (LARGE - SMALL)
