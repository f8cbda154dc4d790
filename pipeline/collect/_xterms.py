"""What X's terms make a tenant declare before anything is asked, and what each of its plans allows and costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import TermsError

SOURCE = "x"

# X's price list, in millionths of a US dollar (docs.x.com, X API pricing, read 2026-11). An Enterprise contract has
# prices of its own: there these stand in for them.
POST_MICROS = 5_000
# Whether the author that comes with a post is billed as a user read is not said: it is counted as if it were.
USER_MICROS = 10_000
RECENT_COUNT_MICROS = 5_000
ARCHIVE_COUNT_MICROS = 10_000

# What X's Developer Agreement says to those whom it calls government-related, in plain words (read 2026-08).
CLAUSE = (
    "X's terms on government use: whoever shows X content to somebody who is, or acts for, a government-related body "
    "(a département, a city, their agencies) needs X's Enterprise plan, names those readers to X, and gives X notice "
    "in writing of each new one before they see anything"
)
_READERS = {
    "public-readers-named": "our readers are or act for a public body; we hold Enterprise, X knows their names",
    "no-public-readers": "nobody who reads the results is, or acts for, a public body",
}
_SHORTEST_LAW = 8  # characters: "art. 6-1e" names a law, "yes" does not


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of X: the longest question in characters, whether it searches the full archive, posts a page.

    `gap_s` keeps requests apart: full-archive search takes one a second. `longest_count` is the longest question that
    may be counted, which the pages on counts put lower than those on search.
    """

    name: str
    longest: int
    archive: bool = False
    page: int = 100
    gap_s: float = 0.0
    longest_count: int = 512

    @property
    def count_micros(self) -> int:
        """The price of asking how many posts there are."""
        return ARCHIVE_COUNT_MICROS if self.archive else RECENT_COUNT_MICROS


RECENT = Plan("pay-per-use", 512)
# Lengths by access level: docs.x.com, "Build a query" (read 2026-11).
PLANS = {
    plan.name: plan
    for plan in (
        RECENT,
        Plan("pay-per-use-archive", 1_024, archive=True, page=500, gap_s=1.0),
        Plan("enterprise", 4_096, archive=True, page=500, gap_s=1.0, longest_count=4_096),
    )
}


def named(settings: Mapping[str, str]) -> Plan:
    """The plan the settings name, the smallest when they name none: enough to show what would be asked."""
    return PLANS.get(settings.get("RAYONNER_X_PLAN", "").strip().lower(), RECENT)


def declared(settings: Mapping[str, str]) -> Plan:
    """The plan the tenant holds. Raises TermsError with the cure while plan, readers and law are not declared."""
    plan = PLANS.get(settings.get("RAYONNER_X_PLAN", "").strip().lower())
    if plan is None:
        raise _undeclared(f"set RAYONNER_X_PLAN to the plan you hold: {', '.join(PLANS)}")
    terms = settings.get("RAYONNER_X_TERMS", "").strip().lower()
    if terms not in _READERS:
        told = "; ".join(f"{name} ({meaning})" for name, meaning in _READERS.items())
        raise _undeclared(f"set RAYONNER_X_TERMS to what is true: {told}")
    if terms == "public-readers-named" and plan.name != "enterprise":
        raise _undeclared(f"public readers need the plan enterprise, and RAYONNER_X_PLAN is {plan.name}")
    if len(law(settings)) < _SHORTEST_LAW:
        raise _undeclared("set RAYONNER_X_LAW to the law that allows you to read posts, such as: RGPD art. 6-1 e")
    return plan


def law(settings: Mapping[str, str]) -> str:
    """The law the tenant declares to act under, as they wrote it."""
    return " ".join(settings.get("RAYONNER_X_LAW", "").split())[:200]


def _undeclared(cure: str) -> TermsError:
    return TermsError(f"x: {cure}. {CLAUSE}. More in docs/sources.md, X", source=SOURCE)
