"""Publishing: readers see a whole night or the one before, whatever happens to the writer."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline import warehouse
from pipeline.errors import BusyError, FatalError
from pipeline.warehouse import anomaly, lock, models
from pipeline.warehouse.paths import BUILD_FILE, LATEST, LOCK_FILE, NIGHTS, PARQUET, PUBLISHED_FILE
from tests.warehouse import story
from tests.warehouse.files import build, rows_of

ROOT = Path(__file__).parents[2]


def published(home: Path, store: story.Store, night: date) -> warehouse.Published:
    build(home, store, night)
    return warehouse.publish(home, night=night, now=story.moment(night))


def child(module: str, *arguments: object, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.warehouse.{module}", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit
    )


@pytest.fixture
def store() -> story.Store:
    return story.Store()


def test_a_published_night_has_all_it_needs(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 6)
    done = published(tmp_path, store, last)
    assert done.path == tmp_path / PUBLISHED_FILE
    assert done.bytes == done.path.stat().st_size
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o444
    assert not (tmp_path / BUILD_FILE).exists()
    assert (tmp_path / NIGHTS / f"{last}.duckdb").samefile(done.path)
    assert json.loads((tmp_path / LATEST).read_text())["night"] == last.isoformat()
    with duckdb.connect() as con:
        twins = [p for p in (tmp_path / PARQUET).iterdir() if not p.name.startswith(".")]
        for twin in twins:
            files = f"{twin}/*.parquet" if twin.is_dir() else str(twin)
            rows = con.execute("select count(*) from read_parquet(?)", [files]).fetchone()
            assert rows == warehouse.query(done.path, f"select count(*) from {twin.stem}")[1][0]
        assert {"fct_mention", "agg_mention", "calendar", "publication"} <= {p.stem for p in twins}


def test_publishing_twice_changes_nothing(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 3)
    first = published(tmp_path, store, last)
    before = first.path.read_bytes()
    assert warehouse.publish(tmp_path, night=last, now=story.moment(last)) == first
    assert first.path.read_bytes() == before


def test_seven_nights_are_kept(tmp_path: Path, store: story.Store) -> None:
    for days in range(1, 10):
        last = story.live(store, days, posts=1)
        published(tmp_path, store, last)
    kept = sorted(path.stem for path in (tmp_path / NIGHTS).iterdir())
    assert kept == [(last - timedelta(days=back)).isoformat() for back in range(6, -1, -1)]


def test_a_stale_log_beside_the_target_does_no_harm(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 2)
    published(tmp_path, store, last)
    (tmp_path / (str(PUBLISHED_FILE) + ".wal")).write_bytes(b"left by a program that wrote here")
    done = published(tmp_path, store, last)
    assert warehouse.query(done.path, "select count(*) from publication")[1] == [(1,)]


def test_nothing_built_is_said(tmp_path: Path, store: story.Store) -> None:
    with pytest.raises(FatalError, match="nothing is built for 2026-01-05: run `rayonner build` first"):
        warehouse.publish(tmp_path, night=story.FIRST, now=story.moment(story.FIRST))
    build(tmp_path, store, story.FIRST)
    with pytest.raises(FatalError, match="holds 2026-01-05, not 2026-01-06"):
        warehouse.publish(tmp_path, night=story.FIRST + timedelta(days=1), now=story.moment(story.FIRST))


def test_a_publish_waits_for_no_build(tmp_path: Path) -> None:
    with lock.held(tmp_path / LOCK_FILE, "build"), pytest.raises(BusyError, match="build, process"):
        warehouse.publish(tmp_path, night=story.FIRST, now=story.moment(story.FIRST))


def test_a_reader_that_has_the_old_night_open_keeps_it(tmp_path: Path, store: story.Store) -> None:
    first = story.live(store, 2)
    path = published(tmp_path, store, first).path
    con = duckdb.connect(str(path), read_only=True)
    script = (
        "import sys; from pathlib import Path; from tests.warehouse.child import main; main(Path(sys.argv[1]), 3, 1)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=True)
    assert con.execute("select night from publication").fetchone() == (first,)
    con.close()
    assert warehouse.query(path, "select night from publication")[1] == [(first + timedelta(days=1),)]


def test_killed_at_any_moment_then_run_again_equals_undisturbed(tmp_path: Path, store: story.Store) -> None:
    days, rng = 12, random.Random(20260105)
    calm = published(tmp_path / "calm", store, story.live(store, days))
    expected = rows_of(calm.path)
    home = tmp_path / "killed"
    whole = _seconds_of_one(home, days)
    for _ in range(15):
        running = child("child", home, days, 3)
        try:
            running.communicate(timeout=whole * rng.uniform(0.3, 1.6))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.communicate()
        if (home / PUBLISHED_FILE).exists():
            assert warehouse.query(home / PUBLISHED_FILE, "select count(*) from publication")[1] == [(1,)]
    done = published(home, store, story.FIRST + timedelta(days=days - 1))
    assert rows_of(done.path) == expected


def _seconds_of_one(home: Path, days: int) -> float:
    """How long one undisturbed child takes on this machine now: kills are spread over it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = child("child", home, days, 1)
    assert running.communicate()[1] == ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return max(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0.5)


def test_three_readers_never_see_a_torn_night(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 3)
    path = published(tmp_path, store, last).path
    images = [_image(tmp_path, store, last, number) for number in range(2)]
    stop = tmp_path / "stop"
    readers = [child("reader", path, stop) for _ in range(3)]
    for number in range(50):
        (tmp_path / BUILD_FILE).write_bytes(images[number % 2])
        warehouse.publish(tmp_path, night=last, now=story.moment(last))
    stop.touch()
    for reader in readers:
        said, complaint = reader.communicate(timeout=60)
        opened, errors, torn = map(int, said.split())
        assert (errors, torn, complaint) == (0, 0, "")
        assert opened > 5


def _image(home: Path, store: story.Store, night: date, number: int) -> bytes:
    story.mention(store, 2000 + number + 1, "manche")
    return build(home, store, night).path.read_bytes()


def test_a_full_disk_leaves_the_published_file_alone(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 3)
    before = published(tmp_path, store, last).path.read_bytes()

    def small() -> None:
        # No file may grow beyond what the published one has already: what a full disk does to a writer.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before), len(before)))

    running = child("child", tmp_path, 60, 1, limit=small)
    complaint = running.communicate()[1]
    assert running.returncode == 1
    assert "FatalError: the warehouse" in complaint
    assert (tmp_path / PUBLISHED_FILE).read_bytes() == before


def test_duckdb_1_5_reads_what_we_publish(tmp_path: Path, store: story.Store) -> None:
    python = os.environ.get("RAYONNER_DUCKDB15_PYTHON")
    if not python:
        pytest.skip("RAYONNER_DUCKDB15_PYTHON names no Python with duckdb 1.5")
    path = published(tmp_path, store, story.live(store, 30)).path
    script = (
        "import duckdb, sys; assert duckdb.__version__.startswith('1.5');"
        "con = duckdb.connect(sys.argv[1], read_only=True);"
        "print(con.execute('select count(*), sum(value) from metrics').fetchone())"
    )
    done = subprocess.run([python, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(warehouse.query(path, "select count(*), sum(value) from metrics")[1][0])


def test_twins_of_tables_that_are_gone_are_removed(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 1)
    published(tmp_path, store, last)
    (tmp_path / PARQUET / "old_table.parquet").write_bytes(b"")
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    assert not (tmp_path / PARQUET / "old_table.parquet").exists()


def months(home: Path) -> set[str]:
    """The months there are, each dated far back, so that one written anew shows."""
    found = list((home / PARQUET / "fct_mention").iterdir())
    for path in found:
        os.utime(path, (1, 1))
    return {path.name for path in found}


def written_anew(home: Path) -> set[str]:
    return {p.name for p in (home / PARQUET / "fct_mention").iterdir() if p.stat().st_mtime != 1}


def twin_rows(home: Path, table: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """A table's rows in its twin and in the published file."""
    with duckdb.connect() as con:
        twin = con.execute(f"from read_parquet('{home / PARQUET / table}/*.parquet') order by all").fetchall()
    return twin, warehouse.query(home / PUBLISHED_FILE, f"from {table} order by all")[1]


def test_only_months_that_changed_are_written_anew(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 70)
    published(tmp_path, store, last)
    assert months(tmp_path) == {"2026-01.parquet", "2026-02.parquet", "2026-03.parquet"}
    story.mention(store, 38_001, "dijon", label="negative")  # 12 February
    published(tmp_path, store, last)
    assert written_anew(tmp_path) == {"2026-02.parquet"}
    for table in [anomaly.TABLE, *(m.name for m in models.read().values() if "twin" in m.header)]:
        twin, there = twin_rows(tmp_path, table)
        assert twin == there, table


def test_twins_of_another_file_are_all_written_anew(tmp_path: Path, store: story.Store) -> None:
    last = story.live(store, 40)
    published(tmp_path, store, last)
    before = months(tmp_path)
    # As a run killed while it wrote them leaves them.
    (tmp_path / PARQUET / ".twin-of").unlink()
    (tmp_path / PARQUET / "fct_mention" / "2026-01.parquet").write_bytes(b"half")
    store.delete(39_001)
    published(tmp_path, store, last)
    assert written_anew(tmp_path) == before
    twin, there = twin_rows(tmp_path, "fct_mention")
    assert twin == there
