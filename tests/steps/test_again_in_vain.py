"""A night that is asked for again and goes worse than before keeps what it had."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import settings, steps, store
from pipeline.collect import Ask
from pipeline.errors import RateLimitedError
from pipeline.model import LedgerRow
from tests.steps import _voice
from tests.steps._voice import post
from tests.steps.test_nights_again import DAY, NIGHT, morning


def cut(ask: Ask) -> None:
    ask.truncated = True


def of_dijon(given: settings.Settings) -> LedgerRow:
    (row,) = store.ledger(store.connect(given.store_url), brand="just-dijon", since=NIGHT, until=NIGHT)
    return row


@pytest.mark.parametrize("end", [RateLimitedError("the quota of the day is used up"), None])
def test_a_partial_night_stays_partial_when_it_cannot_be_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Exception | None
) -> None:
    given = settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32})
    voice = _voice.speaking(monkeypatch)
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2), cut]
    steps.collect(given, "sample", NIGHT, NIGHT, now=morning(NIGHT))
    before = of_dijon(given)
    assert (before.status, before.kept) == ("partial", 2)
    voice.nights[NIGHT] = [end] if end else [post(NIGHT, 1), post(NIGHT, 2)]
    done = steps.collect(given, "sample", NIGHT + DAY, NIGHT + DAY, now=morning(NIGHT + DAY) + timedelta(hours=1))
    assert done.again == [NIGHT]
    after = of_dijon(given)
    assert (after.status, after.kept) == ("partial" if end else "complete", 2)
    assert (after == before) == bool(end)
