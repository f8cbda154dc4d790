"""Paying for a call: the most it may cost is set aside before it, and what it did not cost is given back after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from pipeline.collect import Ask
from pipeline.collect._purse import Cost
from pipeline.errors import BudgetError, PipelineError


@dataclass(slots=True)
class Bill:
    """What a call turned out to cost; the whole sum that was set aside as long as nobody says less."""

    cost: Cost


@contextmanager
def paying(ask: Ask, most: Cost, brands: Sequence[str] = ()) -> Iterator[Bill]:
    """Set `most` aside for the call in the block, then settle the `cost` of the bill. Raises BudgetError before it.

    An answer that refuses (a status of 400 and more) costs nothing. One that was lost on the way may have been billed:
    it stays paid, as when the process is killed inside the block. The purse can only count too much.
    """
    ask.purse.take(most, brands)
    ask.cost_micros += most.micros
    bill = Bill(most)
    try:
        yield bill
    except PipelineError as error:
        if error.status is not None and error.status >= 400:
            bill.cost = Cost()
            _settle(ask, most, bill.cost, brands)
        raise
    _settle(ask, most, bill.cost, brands)


def _settle(ask: Ask, most: Cost, cost: Cost, brands: Sequence[str]) -> None:
    left, more = _beyond(most, cost), _beyond(cost, most)
    if left != Cost():
        ask.purse.give_back(left, brands)
    if more != Cost():  # a platform that gives more than it was asked for bills it as well
        with suppress(BudgetError):  # what is spent is spent; the next call is refused
            ask.purse.take(more, brands)
    ask.cost_micros += cost.micros - most.micros


def _beyond(one: Cost, other: Cost) -> Cost:
    """What `one` holds beyond `other`, never below nothing."""
    return Cost(
        requests=max(0, one.requests - other.requests),
        posts=max(0, one.posts - other.posts),
        units=max(0, one.units - other.units),
        micros=max(0, one.micros - other.micros),
    )
