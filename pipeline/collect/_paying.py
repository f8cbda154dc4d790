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
    """What a call turns out to cost: when it is answered, when it is refused, and when its answer is lost."""

    cost: Cost
    refused: Cost
    lost: Cost


@contextmanager
def paying(ask: Ask, most: Cost, brands: Sequence[str] = ()) -> Iterator[Bill]:
    """Set `most` aside for the call in the block, then settle the bill. Raises BudgetError before it.

    Unless the block says less, an answer costs it all; a refusal (a status of 400 and more) costs nothing; an answer
    lost on the way may have been billed and costs it all. A process that is killed inside the block has paid it all:
    the purse can only count too much.
    """
    ask.purse.take(most, brands)
    ask.cost_micros += most.micros
    bill = Bill(cost=most, refused=Cost(), lost=most)
    try:
        yield bill
    except PipelineError as error:
        _settle(ask, most, bill.refused if (error.status or 0) >= 400 else bill.lost, brands)
        raise
    _settle(ask, most, bill.cost, brands)


def times(cost: Cost, number: int) -> Cost:
    """The cost of so many such calls."""
    return Cost(cost.requests * number, cost.posts * number, cost.units * number, cost.micros * number)


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
