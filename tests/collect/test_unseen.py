"""What a night lacks is told by brand."""

from datetime import UTC, datetime

import pytest

from pipeline.collect import Ask
from pipeline.collect._unseen import concerning
from pipeline.errors import BudgetError

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def test_what_is_cut_short_is_missing_for_those_it_concerns():
    ask = Ask(NOW)
    for brand, cut in (("one", False), ("two", True), ("three", False)):
        with concerning(ask, [brand]):
            ask.truncated = cut
    assert (ask.cut, ask.truncated) == ({"two"}, True)


def test_what_the_budget_ends_is_missing_for_all_it_was_asked_for():
    ask = Ask(NOW)
    with concerning(ask, ["one"]):
        ask.truncated = True
    with pytest.raises(BudgetError), concerning(ask, ["one", "two"]):
        raise BudgetError("spent")
    assert (ask.cut, ask.truncated) == ({"one", "two"}, True)
