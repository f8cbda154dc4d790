"""Pages end, whatever a platform does."""

from datetime import UTC, datetime

from pipeline.collect import Ask
from pipeline.collect._paging import Page, pages

NOW = datetime(2026, 1, 13, 4, 0, tzinfo=UTC)


def walk(turn, **how):
    ask = Ask(now=NOW)
    return list(pages(ask, "0", turn, **how)), ask


def test_pages_are_walked_to_the_last():
    found, ask = walk(lambda c: Page(c, str(int(c) + 1) if int(c) < 4 else None, mark=c))
    assert (found, ask.truncated, ask.reasons) == (["0", "1", "2", "3", "4"], False, {})


def test_a_repeated_cursor_stops_the_walk():
    found, ask = walk(lambda c: Page(c, {"0": "1", "1": "0"}[c]))
    assert (found, ask.truncated, dict(ask.reasons)) == (["0", "1"], True, {"repeated_cursor": 1})


def test_the_same_page_under_a_new_cursor_stops_the_walk():
    found, ask = walk(lambda c: Page(c, c + "x", mark="same"))
    assert (found, ask.truncated, dict(ask.reasons)) == (["0"], True, {"repeated_page": 1})


def test_empty_pages_are_not_one_page_twice():
    found, ask = walk(lambda c: Page(c, str(int(c) + 1) if int(c) < 3 else None))
    assert (len(found), ask.truncated) == (4, False)


def test_endless_pages_stop():
    found, ask = walk(lambda c: Page(c, str(int(c) + 1), mark=c), most=7)
    assert (len(found), ask.truncated, dict(ask.reasons)) == (7, True, {"endless_pages": 1})
