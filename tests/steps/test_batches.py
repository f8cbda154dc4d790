"""Posts are saved by the batch, and what came before a source failed is saved as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipeline.errors import BudgetError
from pipeline.model import Post
from pipeline.steps._found import batches

AT = datetime(2026, 6, 1, tzinfo=UTC)


def posts(number: int, error: Exception | None = None) -> Iterator[Post]:
    for n in range(number):
        yield Post("x", str(n), AT, AT, "Dijon")
    if error:
        raise error


def test_a_stream_is_cut_into_batches() -> None:
    assert [len(batch) for batch in batches(posts(5), 2)] == [2, 2, 1]
    assert list(batches(posts(0), 2)) == []


def test_what_was_paid_for_is_saved_before_the_source_fails() -> None:
    sizes: list[int] = []
    with pytest.raises(BudgetError):
        sizes.extend(len(batch) for batch in batches(posts(5, BudgetError("no money")), 2))
    assert sizes == [2, 2, 1]


def test_any_other_error_is_no_end_of_a_night() -> None:
    with pytest.raises(KeyError):
        list(batches(posts(1, KeyError()), 2))
