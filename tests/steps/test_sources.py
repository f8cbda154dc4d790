"""Sources as their operator meets them: listed with what they lack, tested with one cheap call, told what to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import collect, store
from pipeline import settings as settings_room
from pipeline.brands import catalogue
from pipeline.collect import Ask, Cost, mastodon
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.steps import sources
from pipeline.store import spend
from tests.collect import replay_reddit, replay_x, replay_youtube
from tests.collect.loopback import Reply, serving

NOW = datetime(2026, 1, 13, 3, 0, tzinfo=UTC)


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    return settings_room.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_SOURCES": "sample,reddit"})


def with_(given: Settings, **told: str) -> Settings:
    named = {f"RAYONNER_{name.upper()}": value for name, value in told.items()}
    return settings_room.load({**given.environ, **named})


def keyed(given: Settings, base: str) -> Settings:
    key = {"reddit_client_id": "a", "reddit_client_secret": "b", "contact": "a@example.org", "reddit_url": base}
    return with_(given, **key)


def test_every_source_is_listed_with_what_it_lacks(given: Settings) -> None:
    listed = {one.source: one for one in sources.list_sources(given)}
    assert list(listed) == [*collect.names(), "wikimedia"]
    assert listed["sample"].on and not listed["sample"].missing
    assert not listed["reddit"].on and "RAYONNER_REDDIT_CLIENT_ID" in listed["reddit"].missing
    assert not listed["mastodon"].on and not listed["mastodon"].missing
    assert {one.source: one for one in sources.list_sources(keyed(given, ""))}["reddit"].on
    assert all(one.terms and "\n" not in one.terms for one in listed.values())


def test_what_lacks_a_setting_is_told_with_how_to_get_it_and_nothing_is_asked(given: Settings) -> None:
    told = {one.source: one for one in sources.check_sources(given, now=NOW)}
    assert list(told) == ["reddit", "sample"]
    assert not told["sample"].mend
    assert told["reddit"].mend and "approves each key" in told["reddit"].told


def test_a_source_that_answers_is_well_and_its_call_is_counted(given: Settings) -> None:
    with serving(replay_reddit.answer) as server:
        settings = keyed(given, server.base)
        (told,) = sources.check_sources(settings, ["reddit"], now=NOW)
        assert (told.told, told.mend, len(server.asked)) == ("answers", False, 2)
    spent = spend.spent(store.connect(settings.store_url), "2026-01")
    assert sum(cost.requests for cost in spent["reddit"].values()) == 2
    assert spend.total(spent["reddit"]) == Cost(requests=2)


@pytest.mark.parametrize(("status", "mend"), [(401, True), (403, True), (503, False), (429, False)])
def test_a_refused_key_is_for_a_human_an_outage_is_not(given: Settings, status: int, mend: bool) -> None:
    with serving(lambda asked: Reply(b"{}", status)) as server:
        (told,) = sources.check_sources(keyed(given, server.base), ["reddit"], now=NOW)
    assert (told.mend, told.out_of_reach) == (mend, not mend)


def asked_at(base: str, given: Settings) -> Settings:
    """Every source of the network with its keys, all of them asked at `base`."""
    names = [*collect.names(), "wikimedia"]
    told = {f"RAYONNER_{name.upper()}_URL": base for name in names}
    for maker in (replay_reddit, replay_x, replay_youtube):
        told |= maker.settings(None)
    told |= {"RAYONNER_BUDGET": "x:money=50", "RAYONNER_SOURCES": ",".join(collect.names())}
    return settings_room.load({**given.environ, **told})


def test_what_is_only_out_of_reach_is_neither_well_nor_to_be_mended(
    given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_briefly", lambda seconds: None)
    brand = catalogue("brands", given.brands)[0]
    with serving(lambda asked: Reply(b"", 503)) as server:
        here = [replace(brand, feeds=(f"{server.base}/feed.xml",))]
        monkeypatch.setattr(sources.brand_files, "catalogue", lambda which, folder: here)
        told = {one.source: one for one in sources.check_sources(asked_at(server.base, given), now=NOW)}
    assert {name for name in told if not told[name].out_of_reach} == {"sample", "archive"}
    assert not any(one.mend and one.out_of_reach for one in told.values())


def test_nobody_waits_at_the_terminal_for_a_limit_to_end(given: Settings) -> None:
    settings = with_(given, sources="mastodon", contact="a@example.org")
    with serving(lambda asked: Reply(b"{}", 429, {"retry-after": "600"})) as server:
        here = with_(settings, mastodon_url=server.base, wikimedia_url=server.base)
        told = list(sources.check_sources(here, ["mastodon", "wikimedia"], now=NOW))
        assert len(server.asked) == 2
    assert not any(one.mend for one in told)
    assert all(one.out_of_reach and "later" in one.told for one in told)


def test_what_a_check_raises_is_told(given: Settings) -> None:
    settings = with_(given, sources="mastodon", mastodon_instances="ftp://a.example")
    (told,) = sources.check_sources(settings, now=NOW)
    assert told.mend and "which is no server" in told.told


def test_a_source_paid_by_the_post_is_asked_nothing_before_it_has_a_cap(given: Settings) -> None:
    cure = "RAYONNER_BUDGET=x:money=50"
    with serving(lambda asked: Reply(b"{}", 503)) as server:
        open_ended = with_(given, sources="sample,x", x_url=server.base, **declared())
        (told,) = sources.check_sources(open_ended, ["x"], now=NOW)
        assert told.mend and cure in told.told and server.asked == []
        capped = with_(open_ended, budget="x:posts=100")
        (told,) = sources.check_sources(capped, ["x"], now=NOW)
        assert server.asked and cure not in told.told
    of_x = [{one.source: one for one in sources.list_sources(each)}["x"] for each in (open_ended, capped)]
    assert [(one.on, one.cap_wanted) for one in of_x] == [(False, cure), (True, None)]


def declared() -> dict[str, str]:
    return {name.removeprefix("RAYONNER_").lower(): value for name, value in replay_x.settings(None).items()}


def test_feeds_are_tested_where_the_brands_name_them(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = "<rss version='2.0'><channel><title>x</title><item><title>Dijon</title><link>https://e.fr/1</link></item>"
    brands = catalogue("brands", given.brands)
    feed = Reply(f"{shown}</channel></rss>".encode(), headers={"content-type": "application/rss+xml"})
    with serving(lambda asked: feed) as server:
        here = [replace(brands[0], feeds=(f"{server.base}/feed.xml",))]
        monkeypatch.setattr(sources.brand_files, "catalogue", lambda which, folder: here)
        (told,) = sources.check_sources(with_(given, sources="rss", rss_url=server.base), now=NOW)
    assert (told.told, told.mend) == ("1 of 1 feeds can be read", False)


def test_attention_is_tested_as_a_source_is(given: Settings) -> None:
    (told,) = sources.check_sources(given, ["wikimedia"], now=NOW)
    assert told.mend and "RAYONNER_CONTACT" in told.told


def test_a_name_mistyped_is_told_with_the_one_meant(given: Settings) -> None:
    with pytest.raises(ConfigError, match="did you mean mastodon"):
        list(sources.check_sources(given, ["mastodn"], now=NOW))
    with pytest.raises(ConfigError, match="there are: archive"):
        sources.plan_source(given, "télépathie", [], now=NOW)


def test_a_plan_is_what_the_source_itself_would_ask(given: Settings) -> None:
    (brand,) = [one for one in catalogue("brands", given.brands) if one.slug == "just-dijon"]
    for name in collect.names():
        if not hasattr(collect.load(name), "plan"):
            with pytest.raises(ConfigError, match="asks nothing"):
                sources.plan_source(given, name, [brand], now=NOW)
            continue
        planned = sources.plan_source(given, name, [brand], now=NOW)
        assert planned and all(one.brands == ("just-dijon",) for one in planned), name
        # A night that is streamed asks nothing: Bluesky's questions are those of the search behind it.
        assert {one.cost >= 1 for one in planned} == {name != "bluesky"}, name


def test_a_plan_follows_the_settings(given: Settings) -> None:
    (brand,) = [one for one in catalogue("brands", given.brands) if one.slug == "just-dijon"]
    (alone,) = sources.plan_source(given, "reddit", [brand], now=NOW)
    (with_two,) = sources.plan_source(with_(given, reddit_subreddits="france,dijon"), "reddit", [brand], now=NOW)
    assert (alone.cost, with_two.cost, alone.text) == (1, 3, with_two.text)
    settings = with_(given, mastodon_instances="a.example,b.example", mastodon_tokens="a.example=t")
    planned = sources.plan_source(settings, "mastodon", [brand], now=NOW)
    assert {one.cost for one in planned if one.text.startswith("#")} == {2}
    assert {one.cost for one in planned if one.text.startswith('"')} == {1}
    assert [one.text for one in planned] == [one.text for one in mastodon.plan([], Ask(now=NOW))] + [
        one.text for one in planned
    ]
    assert sources.price_of_a_post("x") > sources.price_of_a_post("reddit") == 0


def test_the_feeds_of_a_site_are_found(given: Settings) -> None:
    page = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head></html>"""
    with serving(lambda asked: Reply(page, headers={"content-type": "text/html"})) as server:
        settings = with_(given, rss_url=server.base)
        assert sources.discover_feeds(settings, f"{server.base}/", now=NOW) == [f"{server.base}/rss.xml"]
