"""Reddit through PRAW: search of the whole site and of named subreddits, and the comments of what it finds.

Off without an approved key: since November 2025 Reddit gives none without approval. Its search knows no dates, so
the newest are read first and the window is cut out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import praw

from pipeline.collect import Again, Ask, Later, Legal, Mend
from pipeline.collect._believed import believed
from pipeline.collect._pace import POLITE
from pipeline.collect._plan import Planned, cut, packed, phrase, shared, widest, words
from pipeline.collect._reddit_door import Door, entered
from pipeline.collect._reddit_info import closed_among, known
from pipeline.collect._reddit_thing import counts, is_gone
from pipeline.collect._reddit_walk import Night, searched, talked
from pipeline.errors import ConfigError, CredentialError, PipelineError, RetriableError
from pipeline.model import Post, Query, Window

NAME = "reddit"
# Its terms ask for a User-Agent by which somebody can be reached.
NEEDS: tuple[str, ...] = ("RAYONNER_REDDIT_CLIENT_ID", "RAYONNER_REDDIT_CLIENT_SECRET", "RAYONNER_CONTACT")
LEGAL = Legal(
    terms="Data API terms and Responsible Builder Policy: an approved key; what its author deletes must go; "
    "commercial use by contract",
    delete_within_hours=48,
)

HOW = (
    "since November 2025 Reddit approves each key before it is made: read its Responsible Builder Policy "
    "(support.reddithelp.com), ask its developer support, and say what is read, how long it is kept and for whom"
)

# 100 requests a minute, averaged over ten (2026): this stays below without waiting for the limit to be told.
POLICY = replace(POLITE, gap_s=0.6)
CAPS = ("requests",)

_LONGEST = 512  # characters of a question, as Reddit's API documentation has it
_CALL = 100  # ids in one call of /api/info
_SUBREDDIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{1,20}")


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The submissions of the window that the search finds, and the comments of the window below what it finds.

    A subreddit that is private or unknown, a listing that ends too early, comments beyond what is read: the night is
    partial, and it is counted. A brand whose share of the budget is used up loses its questions, the others are asked;
    then BudgetError is raised. Raises CredentialError for a refused key, RetriableError when Reddit is out of reach.
    """
    with entered(ask, POLICY) as (reddit, door):
        night = Night(window, ask, reddit, door)
        for place in _places(ask):
            for asked in plan(queries):
                yield from searched(night, place, asked)
        yield from talked(night)
        if night.spent:
            raise night.spent


def plan(queries: Sequence[Query], ask: Ask | None = None) -> list[Planned]:
    """A question a brand, its phrases joined by OR, or more where the length asks for it.

    A listing ends after some hundred posts: brands asked together would hide one another. Each question is asked of the
    whole site, and of every subreddit that `ask` names; a page holds 100 submissions.
    """
    places = len(_places(ask)) if ask else 1
    return [one.planned(text, places) for text, one in shared(queries, _questions).items()]


def check(ask: Ask) -> str:
    """One line: whether the key is accepted and the subreddits are open. Two requests: a token, and what is known."""
    if missing := [name for name in NEEDS if not ask.settings.get(name)]:
        return Mend(f"set {' and '.join(missing)}: {HOW}")
    try:
        wanted = _places(ask)[1:]
        with entered(ask, replace(POLICY, tries=1)) as (reddit, door):
            closed = closed_among(reddit, door, wanted or ["france"])
    except ConfigError as error:
        return Mend(str(error))
    except CredentialError:
        return Mend(f"Reddit refuses the key: {HOW}")
    except RetriableError:
        return Later("out of reach or overloaded: try later")
    except PipelineError as error:
        return Mend(f"an answer that cannot be used ({error.status or type(error).__name__})")
    return (
        Mend(f"take out of RAYONNER_REDDIT_SUBREDDITS, unknown or private: {', '.join(closed)}")
        if closed
        else "answers"
    )


def again(post_ids: Sequence[str], ask: Ask) -> Iterator[Again]:
    """Each known post looked at once more, 100 a call: its counts, or that it or its author is gone.

    Raises UnavailableError when Reddit knows none of many: no reason to delete them all.
    """
    left = iter(dict.fromkeys(post_ids))
    with entered(ask, POLICY) as (reddit, door):
        calls = iter(lambda: list(islice(left, _CALL)), [])
        for one in believed((_looked_up(reddit, door, some) for some in calls), NAME):
            ask.fetched += 1
            yield one


def _looked_up(reddit: praw.Reddit, door: Door, some: list[str]) -> list[Again]:
    told = known(reddit, door, some)
    gone = {own for own in some if own not in told or is_gone(told[own])}
    return [Again(own, gone=True) if own in gone else Again(own, counts(told[own], door.now)) for own in some]


def _questions(query: Query) -> Iterator[tuple[str, str]]:
    """(question, word) for each word a question covers."""
    asked = widest(shared([query], _phrases))
    for group in packed(asked, _LONGEST, " OR "):
        yield from ((" OR ".join(group), word) for text in group for word in asked[text].covers)


def _phrases(query: Query) -> Iterator[tuple[str, str]]:
    for word in words(query):
        if text := cut(phrase(word), _LONGEST - len('""')):
            yield f'"{text}"', word


def _places(ask: Ask) -> list[str]:
    """Where to search: everywhere ("all"), then the subreddits named, each apart."""
    named = (ask.settings.get("RAYONNER_REDDIT_SUBREDDITS") or "").split(",")
    found = [one.strip().strip("/").removeprefix("r/") for one in named if one.strip()]
    for name in found:
        if not _SUBREDDIT.fullmatch(name):
            told = f"RAYONNER_REDDIT_SUBREDDITS names {name!r}, which is no subreddit: write france,dijon"
            raise ConfigError(told, source=NAME)
    return list(dict.fromkeys(("all", *found)))
