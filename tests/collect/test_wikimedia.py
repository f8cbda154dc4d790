"""Pageviews: known, zero and unknown are three things. Answers are hand-made in the shape of the API's schema."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline import collect
from pipeline.collect import Ask, _wikimedia
from pipeline.collect._wikimedia import Title, attention
from pipeline.errors import UnavailableError
from pipeline.model import Window
from tests.collect.loopback import Reply, Time, serving

NOW = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)
WEEK = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
DIJON = Title("fr", "Dijon Métropole")


def views(day, number):
    return {"timestamp": f"202601{day:02}00", "views": number, "article": "x"}


def read(answer, titles=(DIJON,), window=WEEK):
    with serving(answer) as server:
        ask = Ask(now=NOW, base_url=server.base, pace=Time().pace, settings={"RAYONNER_CONTACT": "a@example.org"})
        return [seen.views for seen in attention(window, titles, ask)], ask, server.asked


def test_a_missing_day_between_two_known_days_is_zero_and_any_other_unknown():
    told = json.dumps({"items": [views(6, 12), views(9, 3)]}).encode()
    found, ask, asked = read(lambda _: Reply(told))
    assert found == [None, 12, 0, 0, 3, None, None]
    assert asked[0].path.endswith("/fr.wikipedia/all-access/user/Dijon_M%C3%A9tropole/daily/2026010500/2026011100")
    assert "a@example.org" in asked[0].headers["user-agent"]
    assert (ask.asked, ask.fetched) == (1, 7)


def test_an_unknown_title_is_unknown_and_counted():
    found, ask, _ = read(lambda _: Reply(b'{"detail": "..."}', 404))
    assert found == [None] * 7
    assert dict(ask.reasons) == {"unknown_title": 1}


def test_views_of_earlier_titles_are_added():
    def answer(asked):
        day = 5 if "Grand_Dijon" in asked.path else 6
        return Reply(json.dumps({"items": [views(day, 10), views(6, 1)]}).encode())

    found, *_ = read(answer, [Title("fr", "Dijon Métropole", ("Grand Dijon",))])
    assert found[:3] == [10, 2, None]


def test_garbage_counts_are_left_out():
    odd = [views(6, "12"), views(7, -1), views(8, True), {"views": 3}, "x", views(9, 4)]
    assert read(lambda _: Reply(json.dumps({"items": odd}).encode()))[0] == [None] * 4 + [4, None, None]


def test_an_outage_is_an_error_not_a_zero():
    with pytest.raises(UnavailableError):
        read(lambda _: Reply(b"", 503))


def test_a_paris_night_holds_the_day_that_ends_in_it():
    for night in (date(2026, 1, 12), date(2026, 7, 1), date(2026, 3, 29), date(2026, 10, 25)):
        assert _wikimedia._days(Window.night(night)) == [night - timedelta(days=1)]


def test_nothing_is_asked_before_there_was_anything():
    old = Window(datetime(2010, 1, 1, tzinfo=UTC), datetime(2010, 1, 3, tzinfo=UTC))
    assert read(lambda _: Reply(b"{}"), window=old)[2] == []


def test_it_yields_no_posts_and_is_no_source_of_posts():
    assert "wikimedia" not in collect.names()
    assert "_wikimedia" not in collect.names()


def test_check_names_the_setting_it_needs():
    assert "RAYONNER_CONTACT" in _wikimedia.check(Ask(now=NOW))
