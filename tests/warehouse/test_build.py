"""A build: the same rows whichever way they came, and nothing at all when something is wrong."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import warehouse
from pipeline.errors import BusyError, CheckError, FatalError
from pipeline.warehouse import lock, runner
from pipeline.warehouse.paths import BUILD_FILE, LOCK_FILE, PUBLISHED_FILE
from tests.warehouse import story
from tests.warehouse.files import build, night_after_night, rows_of


@pytest.fixture
def store() -> story.Store:
    return story.Store()


def test_an_empty_store_builds(tmp_path: Path, store: story.Store) -> None:
    built = build(tmp_path, store, story.FIRST)
    assert (built.posts, built.mentions, built.changed_rows) == (0, 0, 0)
    columns, rows = warehouse.query(built.path, "select brand, value from metrics where metric = 'mentions'")
    assert columns == ["brand", "value"]
    assert {value for _, value in rows} == {None}


def test_building_twice_gives_the_same_rows(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 35)
    first = rows_of(build(tmp_path, store, last).path)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    again = build(tmp_path, store, last)
    assert again.changed_rows == 0
    assert again.touched_nights == 0
    assert rows_of(again.path) == first


def test_a_build_that_does_not_fit_is_done_again_with_more_memory(
    tmp_path: Path, store: story.Store, caplog: pytest.LogCaptureFixture
) -> None:
    last = story.live(store, 35)
    tight = build(tmp_path / "tight", store, last, memory="4MB")
    assert "does not fit in 4MB" in caplog.text
    assert rows_of(tight.path) == rows_of(build(tmp_path / "roomy", store, last).path)


def test_a_build_of_many_years_may_take_half_of_the_machine(
    tmp_path: Path, store: story.Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = story.live(store, 35)
    module = sys.modules[warehouse.build.__module__]
    monkeypatch.setattr(module, "ROOMY", "5MB")
    monkeypatch.setattr(module, "most_of_machine", lambda: ["1GB"])
    assert build(tmp_path, store, last, memory="4MB").mentions > 0
    assert "does not fit in 5MB of memory; doing it again with 1GB" in caplog.text
    monkeypatch.setattr(module, "most_of_machine", lambda: [])
    with pytest.raises(FatalError, match="needs more memory"):
        build(tmp_path, store, last, memory="4MB", full=True)


def test_a_night_costs_what_changed(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 60)
    build(tmp_path, store, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    story.mention(store, 1001, "dijon", label="negative")
    built = build(tmp_path, store, last)
    assert (built.changed_rows, built.touched_nights) == (1, 1)


def test_night_after_night_equals_all_at_once(tmp_path: Path, store: story.Store) -> None:
    last = night_after_night(tmp_path / "nightly", store, 33)
    whole = build(tmp_path / "whole", store, last, full=True)
    assert rows_of(tmp_path / "nightly" / PUBLISHED_FILE) == rows_of(whole.path)


def test_a_build_in_many_chunks_equals_one_in_few(
    tmp_path: Path, store: story.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = story.live(store, 45)
    few = rows_of(build(tmp_path / "few", store, last).path)
    monkeypatch.setattr(runner, "CHUNK_ROWS", 1)
    monkeypatch.setattr(runner, "CHUNK_NIGHTS", 4)
    many = build(tmp_path / "many", store, last).path
    assert rows_of(many) == few
    for table in ("raw.post", "raw.mention", "raw.engagement", "fct_mention"):
        nights = [night for (night,) in warehouse.query(many, f"select night from {table} order by rowid")[1]]
        # A night is found without reading all the years: none lies after one of a later chunk.
        assert all(latest - night < timedelta(4) for latest, night in zip(accumulate(nights, max), nights, strict=True))


def test_a_file_of_other_tables_is_left_behind(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 20)
    whole = rows_of(build(tmp_path, store, last).path)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    published = tmp_path / PUBLISHED_FILE
    published.chmod(0o600)
    with duckdb.connect(str(published)) as con:
        con.execute("update publication set definitions = 'of an older version'")
        con.execute("alter table raw.post drop column near_key")
        con.execute("insert into raw.mention (post_key, brand) values (7777, 'dijon')")
    assert rows_of(build(tmp_path, store, last).path) == whole


def test_a_post_that_was_deleted_and_came_back_as_it_was_is_there(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 3)
    build(tmp_path, store, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    before = [(table, key, row) for table in ("post", "mention") for key, (_, row) in store.tables[table].items()]
    store.delete(1001)
    for table, key, row in before:
        if key[0] == 1001:
            store.put(table, key, row)
    again = rows_of(build(tmp_path, store, last).path)
    assert again == rows_of(build(tmp_path / "whole", store, last).path)
    assert 1001 in {row[0] for row in again["raw.post"]}


def test_what_belongs_to_a_post_goes_along_to_another_night(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 3)
    build(tmp_path, store, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    story.post(store, 1001, last)
    moved = rows_of(build(tmp_path, store, last).path)
    assert moved == rows_of(build(tmp_path / "whole", store, last).path)
    assert {row[-1] for row in moved["raw.mention"] if row[0] == 1001} == {last}


KEYS = st.integers(1, 40)
DAYS = st.integers(0, 32).map(lambda offset: story.FIRST + timedelta(days=offset))
NAMES = st.sampled_from([brand.slug for brand in story.BRANDS] + ["gone"])
LABELS = st.sampled_from(["negative", "neutral", "positive", None])
CHANGES = st.one_of(
    st.tuples(st.just("post"), KEYS, DAYS, st.sampled_from(["sample", "tube", "press"]), st.sampled_from([None, "fr"])),
    st.tuples(st.just("mention"), KEYS, NAMES, LABELS, st.booleans()),
    st.tuples(st.just("seen"), KEYS, DAYS, st.integers(0, 9), st.sampled_from([None, 100])),
    st.tuples(st.just("night"), DAYS, st.sampled_from(["complete", "failed", "partial", "off", "budget"]), NAMES),
    st.tuples(st.just("delete"), KEYS),
)


def apply(store: story.Store, change: tuple[object, ...]) -> None:
    match change:
        case ("post", int(key), date() as day, str(source), lang):
            story.post(store, key, day, source=source, lang=lang)
        case ("mention", int(key), str(brand), label, bool(accepted)) if (key,) in store.tables.get("post", {}):
            story.mention(store, key, brand, label=label, accepted=accepted)
        case ("seen", int(key), date() as day, int(likes), views) if (key,) in store.tables.get("post", {}):
            story.seen(store, key, datetime(day.year, day.month, day.day, 20, tzinfo=UTC), likes=likes, views=views)
        case ("night", date() as day, str(status), str(brand)):
            story.night(store, day, status, brand=brand if brand != "gone" else "*")
        case ("delete", int(key)):
            store.delete(key)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(CHANGES, max_size=25), st.integers(0, 9)), min_size=2, max_size=4))
def test_any_changes_in_any_order_equal_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, nights: list[tuple[list[tuple[object, ...]], int]]
) -> None:
    home = tmp_path_factory.mktemp("home")
    store, last = story.Store(), story.FIRST + timedelta(days=20)
    for changes, days in nights:
        for change in changes:
            apply(store, change)
        last += timedelta(days=days)
        build(home, store, last)
        warehouse.publish(home, night=last, now=story.moment(last))
    whole = build(home / "whole", store, last, full=True)
    assert rows_of(home / PUBLISHED_FILE) == rows_of(whole.path)


def test_an_earlier_night_can_be_built_again(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 20)
    build(tmp_path, store, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    earlier = last - timedelta(days=3)
    whole = build(tmp_path / "whole", store, earlier)
    assert rows_of(build(tmp_path, store, earlier).path) == rows_of(whole.path)


def test_a_brand_that_joins_gets_its_calendar(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 12)
    build(tmp_path, store, last, brands=story.BRANDS[:3])
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    whole = build(tmp_path / "whole", store, last)
    assert rows_of(build(tmp_path, store, last).path) == rows_of(whole.path)


def test_a_failed_check_publishes_nothing_and_names_the_rows(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 12)
    build(tmp_path, store, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    before = (tmp_path / PUBLISHED_FILE).read_bytes()
    story.mention(store, 999_999, "dijon")
    with pytest.raises(CheckError, match=r"mentions_have_posts failed: .* post_key 999999, brand dijon"):
        build(tmp_path, store, last)
    assert not (tmp_path / BUILD_FILE).exists()
    assert (tmp_path / PUBLISHED_FILE).read_bytes() == before


def test_only_one_build_runs_at_a_time(tmp_path: Path, store: story.Store) -> None:
    with (
        lock.held(tmp_path / LOCK_FILE, "the other build"),
        pytest.raises(BusyError, match="being written by the other build, process"),
    ):
        build(tmp_path, store, story.FIRST)


def test_leftovers_of_a_killed_build_are_not_in_the_way(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 5)
    expected = rows_of(build(tmp_path / "calm", store, last).path)
    folder = (tmp_path / BUILD_FILE).parent
    folder.mkdir(parents=True)
    for leftover in ("rayonner.duckdb", "staging.duckdb", "staging.duckdb.wal", "landed_post.jsonl"):
        (folder / leftover).write_bytes(b"half written")
    assert rows_of(build(tmp_path, store, last).path) == expected
    assert not list(folder.glob("*.jsonl"))


def test_posts_of_a_night_that_is_not_over_wait(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 3)
    build(tmp_path, store, last)
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    story.post(store, 77, last + timedelta(days=1))
    story.mention(store, 77, "dijon")
    before = rows_of(tmp_path / PUBLISHED_FILE)["main.fct_mention"]
    assert rows_of(build(tmp_path, store, last).path)["main.fct_mention"] == before
    assert len(rows_of(build(tmp_path, store, last + timedelta(days=1)).path)["main.fct_mention"]) == len(before) + 1


def test_counts_beyond_belief_are_unknown(tmp_path: Path, store: story.Store) -> None:
    day = story.FIRST
    story.night(store, day)
    story.post(store, 1, day, followers=2**62, reach_low=1e300, reach_central=None, reach_high=-1.0)
    story.mention(store, 1, "dijon")
    story.seen(store, 1, datetime(2026, 1, 5, 20, tzinfo=UTC), likes=2**62, reposts=-5, views=3)
    path = build(tmp_path, store, day).path
    sql = "select follower_count, reach_low, reach_high, interactions_latest, views_latest from fct_mention"
    assert warehouse.query(path, sql)[1] == [(None, None, None, None, 3)]


def test_a_count_of_the_first_hour_is_no_figure_of_a_later_age(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 40, posts=0)
    for key in range(1, 21):
        story.post(store, key, story.FIRST)
        story.mention(store, key, "dijon")
        story.seen(store, key, datetime(2026, 1, 5, 11, tzinfo=UTC), likes=1)
    for key in range(1, 11):
        story.seen(store, key, datetime(2026, 1, 12, 9, tzinfo=UTC), likes=1)
    sql = (
        "select metric, value, n from metrics where brand = 'dijon' and grain = 'day' and period = date '2026-01-05' "
        "and metric in ('engagement_d1', 'engagement_d7', 'engagement_d7_known', 'engagement_latest') order by metric"
    )
    assert warehouse.query(build(tmp_path, store, last).path, sql)[1] == [
        ("engagement_d1", None, 0),
        ("engagement_d7", 10.0, 10),
        ("engagement_d7_known", 0.5, 20),
        ("engagement_latest", 20.0, 20),
    ]


def test_plain_times_are_utc(tmp_path: Path, store: story.Store) -> None:
    story.night(store, story.FIRST)
    story.post(store, 1, story.FIRST, created_at=datetime(2026, 1, 5, 10))  # noqa: DTZ001
    story.mention(store, 1, "dijon")
    path = build(tmp_path, store, story.FIRST).path
    assert warehouse.query(path, "select created_at from fct_mention")[1] == [(datetime(2026, 1, 5, 10),)]  # noqa: DTZ001
