"""X's search with tweepy: recent posts, or the full archive, paid by the post. Off until plan and law are declared.

NOTE (2026-05-04): since that day X searches a new index and keyword search returns no reposts. A series of X volumes
breaks there.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.collect import Again, Ask, Later, Legal, Mend, _xanswers
from pipeline.collect._believed import believed
from pipeline.collect._pace import POLITE
from pipeline.collect._paying import paying
from pipeline.collect._plan import Planned
from pipeline.collect._unseen import concerning, unseen
from pipeline.collect._xapi import Api, entered
from pipeline.collect._xplan import planned
from pipeline.collect._xterms import CLAUSE, declared, law, named
from pipeline.collect._xwalk import MARGIN, Span, counted, reach, walk
from pipeline.errors import (
    BudgetError,
    ConfigError,
    CredentialError,
    MalformedError,
    PipelineError,
    SchemaError,
    SkippableError,
    TermsError,
)
from pipeline.model import Post, Query, Window

log = logging.getLogger(__name__)

NAME = "x"
NEEDS = ("RAYONNER_X_BEARER",)
# Third parties may be given ids and links only, and never by a machine the text (Developer Policy, read 2026-08).
# Copies are kept in line with X as soon as can be, within 24 hours of a request (Developer Agreement).
LEGAL = Legal(
    terms="X Developer Agreement: links and counts only, no text to readers; public readers need Enterprise",
    delete_within_hours=24,
)

HOW = f"make an app on developer.x.com, declare plan, readers and law (docs/sources.md, X). {CLAUSE}"
POST_MICROS = _xanswers.most(1, authors=True).micros
CAPS = ("money", "posts")  # a refused try is not billed, so requests are not counted to the last one

POLICY = POLITE

_BATCH = 100  # ids of one look-up, by X's rule
_ID = re.compile(r"[0-9]{1,19}")  # one that is none would have the whole look-up refused


def posts(window: Window, queries: Sequence[Query], ask: Ask) -> Iterator[Post]:
    """The posts of the window that X's search finds, each once, the newest of each question first.

    A brand whose share of the budget is used up loses the rest of its posts, and the others are read to the end; then
    BudgetError is raised. Raises TermsError until the plan, the readers and the law are declared, CredentialError for a
    refused key or no credit, ConfigError for a night that the plan does not reach.
    """
    held = declared(ask.settings)
    span = reach(window, held, ask)
    if (span.start, span.end) != (window.start, window.end):
        with concerning(ask, (query.brand for query in queries)):
            ask.truncated = True
            ask.hint("out_of_reach")
    seen: set[str] = set()
    lost: list[PipelineError] = []
    asked = planned(queries, held)
    with entered(ask, held, POLICY) as api:
        for question in asked:
            with concerning(ask, question.brands):
                try:
                    for page in walk(api, question, span, ask):
                        yield from unseen(_xanswers.posts(page, ask), window, seen, ask)
                except (BudgetError, SchemaError, SkippableError) as error:
                    lost.append(error)
                    _report(error, question, ask)
    # Money comes first: the night is taken up again when there is some.
    if spent := next((error for error in lost if isinstance(error, BudgetError)), None):
        raise spent
    if asked and len(lost) == len(asked):
        raise lost[-1]


def plan(queries: Sequence[Query], ask: Ask | None = None) -> list[Planned]:
    """The questions under the plan that the settings name, else under the smallest."""
    return planned(queries, named(ask.settings if ask else {}))


def expected(window: Window, queries: Sequence[Query], ask: Ask) -> dict[str, int]:
    """How many posts X counts in the window for each brand, an upper bound: two questions may find the same post.

    One request a question, billed. A brand is left out when the budget or X refused one of its questions.
    """
    held = declared(ask.settings)
    span = reach(window, held, ask)
    found, unknown = Counter[str](), set[str]()
    with entered(ask, held, POLICY) as api:
        for question in planned(queries, replace(held, longest=held.longest_count)):
            try:
                number = counted(api, question, span, ask)
            except (BudgetError, SchemaError, SkippableError):
                unknown.update(question.brands)
                continue
            for brand in question.brands:
                found[brand] += number
    return {brand: number for brand, number in found.items() if brand not in unknown}


def again(post_ids: Sequence[str], ask: Ask) -> Iterator[Again]:
    """Counts of known posts now, or that they are gone: deleted, closed, withheld here. Billed as reads, 100 a call."""
    held = declared(ask.settings)
    asked = [one for one in dict.fromkeys(post_ids) if _ID.fullmatch(one)]
    with entered(ask, held, POLICY) as api:
        batches = (asked[at : at + _BATCH] for at in range(0, len(asked), _BATCH))
        yield from believed((_looked_up(api, batch, ask) for batch in batches), NAME)


def undeclared(settings: Mapping[str, str]) -> str | None:
    """What of plan, readers and law is to be declared, and how; None when all are."""
    try:
        declared(settings)
    except TermsError as error:
        return str(error)
    return None


def check(ask: Ask) -> str:
    """One line: what to declare or mend, or under which plan and law X answers. One request, half a cent or one."""
    try:
        held = declared(ask.settings)
        with entered(ask, held, replace(POLICY, tries=1)) as api:
            end = ask.now - MARGIN
            counted(api, Planned('"Dijon"', (), ()), Span(end - timedelta(hours=1), end), ask)
    except BudgetError:
        return Later("not asked: the budget of this month is used up")
    except (TermsError, CredentialError, ConfigError, SchemaError) as error:
        return Mend(str(error))
    except PipelineError as error:
        return Later(f"out of reach ({type(error).__name__}): nothing to mend, the nights it misses are marked")
    return f"answers; plan {held.name}; declared law: {law(ask.settings)}"


def _looked_up(api: Api, batch: Sequence[str], ask: Ask) -> list[Again]:
    with paying(ask, _xanswers.most(len(batch), authors=False)) as bill:
        page = api.again(batch)
        bill.cost = _xanswers.cost(page)
    return list(_xanswers.again(page, batch, ask))


def _report(error: PipelineError, question: Planned, ask: Ask) -> None:
    ask.truncated = True
    if isinstance(error, BudgetError):
        ask.skip("budget")
    elif isinstance(error, MalformedError):
        ask.skip(error.reason)
    else:
        ask.skip("question_refused")
    log.warning("x: a question for %s is lost: %s", ", ".join(question.brands), type(error).__name__)
