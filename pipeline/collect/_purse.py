"""What a call costs, and the purse it is taken from before the call is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cost:
    """The price of one or more calls: posts read, requests, quota units, and millionths of the source's currency."""

    requests: int = 0
    posts: int = 0
    units: int = 0
    micros: int = 0


class Purse(Protocol):
    """What may still be spent this month. `brands` share the cost equally; none named means all of them."""

    def take(self, cost: Cost, brands: Sequence[str] = ()) -> None:
        """Set the cost aside before the call. Raises BudgetError when it would overspend: do not call then."""
        ...

    def give_back(self, cost: Cost, brands: Sequence[str] = ()) -> None:
        """Return what the call did not cost after all."""
        ...


class OpenPurse:
    """A purse without a cap, for what is free."""

    def take(self, cost: Cost, brands: Sequence[str] = ()) -> None:
        """Let it pass."""

    def give_back(self, cost: Cost, brands: Sequence[str] = ()) -> None:
        """Let it pass."""
