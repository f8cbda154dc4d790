"""People are counted, not filed: text goes on its day, and whoever asks to go is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from store_story import AUTHOR, EXPIRES, HANDLE, KEY, found, mention, rows, save, score

from pipeline import store
from pipeline.store import leaving

WORDS = "secret de polichinelle"


def bytes_on_disk(url: str) -> bytes:
    path = Path(url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_text_goes_on_its_day_and_the_facts_stay(engine):
    save(engine, found(1), replace(found(2), expires_on=EXPIRES + timedelta(days=1)))
    score(engine)
    assert store.expire(engine, EXPIRES - timedelta(days=1)) == {"posts": 0, "mentions": 0, "figures": 0}
    assert store.expire(engine, EXPIRES) == {"posts": 1, "mentions": 1, "figures": 0}
    revision = store.revision(engine)
    assert store.expire(engine, EXPIRES) == {"posts": 0, "mentions": 0, "figures": 0}
    assert store.revision(engine) == revision
    gone = next(row for row in rows(engine)["post"] if row["text"] is None)
    assert (gone["post_id"], gone["url"], gone["reach_central"]) == (None, None, 2.5)
    assert {row["label"] for row in rows(engine)["mention"]} == {"positive"}


def test_expiry_is_done_in_short_transactions(engine, monkeypatch):
    monkeypatch.setattr(leaving, "_BATCH", 10)
    save(engine, *(found(n) for n in range(25)))
    assert store.expire(engine, EXPIRES)["posts"] == 25
    assert store.revision(engine) == 4


def test_expired_and_deleted_words_are_gone_from_the_file(sqlite_url):
    engine = store.connect(sqlite_url)
    store.migrate(engine)
    long = WORDS * 2_000  # spills over into pages of its own
    said = [found(n, text=f"{long if n % 2 else WORDS} {n}", url=f"https://example.org/{WORDS}") for n in range(40)]
    save(engine, *(replace(one, mentions=(mention(evidence=WORDS),)) for one in said))
    assert WORDS.encode() in bytes_on_disk(sqlite_url)
    store.forget(engine, "sample", "id-1", KEY)
    store.expire(engine, EXPIRES)
    assert WORDS.encode() not in bytes_on_disk(sqlite_url)
    engine.dispose()


def test_no_author_is_in_the_file(sqlite_url):
    engine = store.connect(sqlite_url)
    store.migrate(engine)
    links = [
        f"https://example.org/@{HANDLE}/1",
        f"https://example.org/{AUTHOR}-2/2",
        f"https://x.com/{HANDLE}/status/3",
    ]
    save(engine, *(found(n, url=link) for n, link in enumerate(links)))
    save(engine, found(9, source="x", post_id="77", url=f"https://x.com/{HANDLE.upper()}/status/77"))
    store.oppose(engine, "sample", f"{AUTHOR}-1", KEY, date(2026, 1, 7))
    on_disk = bytes_on_disk(sqlite_url).lower()
    for name in (AUTHOR, HANDLE, KEY.hex()):
        assert name.encode() not in on_disk
    assert KEY not in on_disk
    assert {row["url"] for row in rows(engine)["post"]} == {None, "https://x.com/i/status/77"}
    engine.dispose()


def test_a_forgotten_post_leaves_only_a_trace_and_cannot_come_back(engine):
    repost = found(2, kind="repost", repost_of="id-1", author_id="another")
    save(engine, found(1), repost, found(3))
    assert store.forget(engine, "sample", "id-1", KEY, date(2026, 1, 7)) == 2
    kept = rows(engine, revision=True)
    assert [len(kept[table]) for table in ("post", "mention", "engagement", "deletion")] == [1, 1, 1, 2]
    assert {row["revision"] for row in kept["deletion"]} == {2}
    assert save(engine, found(1, 1), repost, found(5, repost_of="id-1")).opposed == 3
    assert store.forget(engine, "sample", "id-1", KEY) == 0
    assert rows(engine, revision=True) == kept


def test_a_post_can_be_forgotten_before_it_arrives(engine):
    assert store.forget(engine, "sample", "id-1", KEY) == 0
    assert save(engine, found(1)).opposed == 1


def test_opposition_deletes_and_is_honoured_before_every_write(engine):
    save(engine, *(found(n) for n in range(9)))
    assert store.oppose(engine, "sample", f"{AUTHOR}-1", KEY, date(2026, 1, 7)) == 3
    assert store.oppose(engine, "sample", f"{AUTHOR}-1", KEY, date(2026, 1, 8)) == 0
    assert save(engine, found(1), found(31), found(2)) == store.Saved(new=0, changed=0, same=1, opposed=2)
    author = store.author_key(KEY, "sample", f"{AUTHOR}-1")
    assert author not in {row["author_key"] for row in rows(engine)["post"]}
    assert store.counts(engine)["opposed"] == 1


def test_an_opposition_whose_deletion_was_cut_short_is_finished_by_asking_again(engine, monkeypatch):
    save(engine, found(1))

    def broken(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(leaving, "_erase", broken)
        with pytest.raises(RuntimeError):
            store.oppose(engine, "sample", f"{AUTHOR}-1", KEY, date(2026, 1, 7))
    assert save(engine, found(1, 1)).opposed == 1
    assert store.oppose(engine, "sample", f"{AUTHOR}-1", KEY, date(2026, 1, 7)) == 1
