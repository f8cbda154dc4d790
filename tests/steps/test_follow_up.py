"""Second looks: figures at equal ages, deletions found within the delay, and never a look too many."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from pipeline import settings, steps, store
from pipeline.collect import Again, Ask, Cost, sample
from pipeline.errors import ConfigError, UnavailableError
from pipeline.model import Engagement
from pipeline.store import spend
from tests.steps import _voice
from tests.steps._voice import post
from tests.steps.test_nights_again import DAY, collect

NIGHT = date(2026, 5, 20)
HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[2]

# The package shows the function of this name, not the module.
follow_up = import_module("pipeline.steps.follow_up")


@dataclass
class Platform:
    """What second looks see: likes grow with each look, some posts are gone, and it may break."""

    gone: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    breaks_at: int | None = None
    price: int = 0

    def again(self, post_ids: Sequence[str], ask: Ask) -> Iterator[Again]:
        for own in post_ids:
            if self.breaks_at is not None and len(self.asked) >= self.breaks_at:
                raise UnavailableError("away")
            ask.purse.take(Cost(posts=self.price))
            self.asked.append((ask.now, own))
            if own in self.gone:
                yield Again(own, gone=True)
            elif own not in self.unknown:
                yield Again(own, Engagement(ask.now, likes=100 + len(self.asked)))


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> _voice.Voice:
    return _voice.speaking(monkeypatch)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    made = Platform()
    monkeypatch.setattr(sample, "again", made.again, raising=False)
    return made


@pytest.fixture
def given(tmp_path: Path) -> settings.Settings:
    return settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_TIER": "fast"})


def runs(first: date, days: int) -> Iterator[datetime]:
    """The moments of upkeep: half past four in the morning and in the afternoon, in Paris in summer."""
    at = datetime(first.year, first.month, first.day, 2, 30, tzinfo=UTC) + DAY
    return (at + n * 12 * HOUR for n in range(2 * days))


def look(given: settings.Settings, now: datetime) -> steps.Followed:
    return steps.follow_up(given, "sample", now=now)


def kept(given: settings.Settings, table: str = "post") -> list[dict[str, object]]:
    return [row for part in store.changes(store.connect(given.store_url), table, 0) for row in part]


def ages(given: settings.Settings) -> dict[int, str]:
    engine = store.connect(given.store_url)
    with engine.connect() as connection:
        told = connection.exec_driver_sql("select age_days, outcome from recheck where age_days > 0 order by 1")
        return {row.age_days: row.outcome for row in told}


def test_a_month_of_mornings_sees_a_post_at_each_age_and_every_day_and_a_half(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 10)]
    collect(given, NIGHT)
    for now in runs(NIGHT, 32):
        look(given, now)
    assert ages(given) == {1: "seen", 3: "seen", 7: "seen", 28: "seen"}
    moments = [at for at, _ in platform.asked]
    assert len(moments) == len(set(moments))
    assert max(later - sooner for sooner, later in pairwise(moments)) <= timedelta(
        hours=sample.LEGAL.delete_within_hours - 12
    )
    # Twenty-two looks for the delay of 48 hours, and those that the ages ask for in between.
    assert 32 * 24 / 36 <= len(moments) <= 32 * 24 / 36 + 4


def test_the_published_figure_of_an_age_is_the_one_seen_last_before_it(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 10)]
    written = post(NIGHT, 10).created_at
    collect(given, NIGHT)
    for now in runs(NIGHT, 9):
        look(given, now)
    last = max(at for at, _ in platform.asked if at <= written + 7 * DAY)
    assert written + 7 * DAY - last <= 13 * HOUR
    likes = next(row["likes"] for row in kept(given, "engagement") if row["observed_at"] == last)
    steps.build(given, NIGHT + 8 * DAY, now=written + 9 * DAY)
    published = steps.publish(given, NIGHT + 8 * DAY, now=written + 9 * DAY).path
    with duckdb.connect(str(published), read_only=True) as file:
        figures = file.sql("select max(interactions_d7) from fct_mention").fetchall()
    assert figures == [(likes,)]


def test_upkeep_that_slept_says_which_ages_it_missed(given, voice, platform) -> None:
    written = post(NIGHT, 10).created_at
    voice.nights[NIGHT] = [post(NIGHT, 10, seen_at=written + 12 * HOUR)]
    collect(given, NIGHT)
    look(given, written + 4 * DAY)
    assert ages(given) == {1: "seen", 3: "missed"}


def test_the_same_run_again_asks_for_nothing(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(5)]
    collect(given, NIGHT)
    now = datetime(2026, 5, 23, 2, 30, tzinfo=UTC)
    assert look(given, now).seen == 5
    revision = store.revision(store.connect(given.store_url))
    assert (look(given, now).seen, len(platform.asked)) == (0, 5)
    assert store.revision(store.connect(given.store_url)) == revision


def test_requests_are_counted_anew_for_each_page_of_posts(given, voice, platform, monkeypatch) -> None:
    monkeypatch.setattr(follow_up, "_PAGE", 2)
    known, before = platform.again, list[int]()

    def again(post_ids: Sequence[str], ask: Ask) -> Iterator[Again]:
        before.append(ask.asked)
        ask.asked += 5_000
        return known(post_ids, ask)

    monkeypatch.setattr(sample, "again", again)
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(5)]
    collect(given, NIGHT)
    assert look(given, datetime(2026, 5, 23, 2, 30, tzinfo=UTC)).seen == 5
    assert before == [0, 0, 0]


def test_what_is_gone_is_taken_out_and_dated(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 1), post(NIGHT, 2)]
    collect(given, NIGHT)
    platform.gone = {"20-1"}
    first, second = datetime(2026, 5, 22, 14, 30, tzinfo=UTC), datetime(2026, 5, 24, 2, 30, tzinfo=UTC)
    assert look(given, first) == steps.Followed("sample", seen=1, observed=1, left=1)
    platform.gone = {"20-2"}
    assert look(given, second).left == 1
    assert kept(given) == []
    (_, last) = sorted(kept(given, "deletion"), key=lambda row: str(row["applied_at"]))
    assert (last["source"], last["gone_after"] >= first, last["applied_at"] >= second) == ("sample", True, True)
    collect(given, NIGHT)
    assert kept(given) == []


def test_posts_that_the_platform_does_not_answer_for_are_asked_once_a_run_and_stay_overdue(
    given, voice, platform, monkeypatch
) -> None:
    monkeypatch.setattr(follow_up, "_PAGE", 3)
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(10)]
    collect(given, NIGHT)
    platform.unknown = {f"20-{number}" for number in range(10)}
    done = look(given, datetime(2026, 5, 26, 14, 30, tzinfo=UTC))
    assert (done.seen, done.overdue, len(platform.asked)) == (0, 10, 10)


def test_a_platform_that_breaks_half_way_keeps_what_it_told(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(6)]
    collect(given, NIGHT)
    platform.breaks_at = 4
    now = datetime(2026, 5, 23, 2, 30, tzinfo=UTC)
    with pytest.raises(UnavailableError):
        look(given, now)
    platform.breaks_at = None
    assert look(given, now).seen == 2


def test_the_budget_ends_the_looks_and_the_next_run_takes_the_longest_unseen(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(6)]
    collect(given, NIGHT)
    platform.price = 1
    tight = settings.load({**given.environ, "RAYONNER_BUDGET": "sample:posts=16"})
    done = look(tight, datetime(2026, 5, 30, 2, 30, tzinfo=UTC))
    assert (done.seen, done.short, done.overdue) == (4, True, 2)
    platform.asked.clear()
    assert look(tight, datetime(2026, 6, 1, 2, 30, tzinfo=UTC)).seen == 4
    assert {own for _, own in platform.asked[:2]} == {f"20-{number}" for number in (4, 5)}
    assert spend.spent(store.connect(given.store_url), "2026-05")["sample"] == {"*": Cost(posts=4)}


def test_looks_that_cost_money_need_a_cap(given, voice, platform, monkeypatch) -> None:
    monkeypatch.setattr(sample, "POST_MICROS", 5_000, raising=False)
    with pytest.raises(ConfigError, match="RAYONNER_BUDGET=sample:money="):
        look(given, datetime(2026, 5, 30, tzinfo=UTC))
    capped = settings.load({**given.environ, "RAYONNER_BUDGET": "sample:money=1"})
    assert look(capped, datetime(2026, 5, 30, tzinfo=UTC)).seen == 0


def test_a_source_that_is_off_or_cannot_look_again_is_left_alone(given, voice, platform, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sample, "NEEDS", ("RAYONNER_NO_SUCH_KEY",))
        assert look(given, datetime(2026, 5, 30, tzinfo=UTC)) == steps.Followed("sample")
    assert steps.follow_up(given, "archive", now=datetime(2026, 5, 30, tzinfo=UTC)) == steps.Followed("archive")


def test_posts_whose_text_has_expired_are_not_asked_for(given, voice, platform) -> None:
    voice.nights[NIGHT] = [post(NIGHT, 1)]
    collect(replace(given, retention_days=2), NIGHT)
    steps.upkeep(given, now=datetime(2026, 5, 24, tzinfo=UTC))
    assert look(given, datetime(2026, 5, 24, 2, tzinfo=UTC)).seen == 0


KILLED = datetime(2026, 5, 26, 2, 30, tzinfo=UTC)
CHILD = """
import sys
from pathlib import Path
from tests.steps.test_follow_up import Platform, look
from tests.steps import test_follow_up as story
from pipeline import settings
from pipeline.collect import sample
home, kill_at = Path(sys.argv[1]), int(sys.argv[2])
platform = Platform(gone={f"20-{n}" for n in range(0, 120, 3)})
def again(ids, ask):
    for number, answer in enumerate(platform.again(ids, ask)):
        if number == kill_at:
            print("kill me", flush=True)
            sys.stdin.read()
        yield answer
sample.again = again
story.follow_up._BATCH = 7
given = settings.load({"RAYONNER_HOME": str(home), "RAYONNER_AUTHOR_KEY": "ab" * 32})
print(look(given, story.KILLED).seen)
"""


def test_killed_at_any_moment_the_next_run_ends_as_an_undisturbed_one(given, voice, tmp_path) -> None:
    voice.nights[NIGHT] = [post(NIGHT, number) for number in range(120)]
    collect(given, NIGHT)
    for kill_at in (3, 40, 33):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(given.home), str(kill_at)],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert child.stdout and child.stdout.readline() == b"kill me\n"
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
    last = subprocess.run(
        [sys.executable, "-c", CHILD, str(given.home), "-1"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    assert 0 < int(last.stdout) < 80
    posts = kept(given)
    assert {row["post_id"] for row in posts} == {f"20-{n}" for n in range(120) if n % 3}
    assert len(kept(given, "deletion")) == 40
    seen = [row["post_key"] for row in kept(given, "engagement") if row["observed_at"] == KILLED]
    assert sorted(seen) == sorted(row["post_key"] for row in posts)
