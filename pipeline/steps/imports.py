"""Import files of posts that people already have."""

from __future__ import annotations

import gc
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path

import msgspec

from pipeline import brands as brand_files
from pipeline import match, store
from pipeline.collect import Ask, archive
from pipeline.errors import ConfigError
from pipeline.model import LedgerRow, Post, night_of
from pipeline.settings import Settings
from pipeline.steps import _found

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Imported:
    """What one file held: posts read, kept (at least one candidate mention), new, already known, skipped by reason.

    `rejects` is the file of lines that could not be read, or None when there was none.
    """

    path: Path
    read: int = 0
    kept: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    opposed: int = 0
    mentions: int = 0
    accepted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    rejects: Path | None = None
    first: date | None = None
    last: date | None = None


@dataclass(slots=True)
class _Nights:
    """Posts and accepted mentions by platform and night: what the ledger will say of the file."""

    fetched: Counter[tuple[str, date]] = field(default_factory=Counter)
    kept: Counter[tuple[str, date]] = field(default_factory=Counter)


@cache
def fingerprint(path: Path, size: int, changed_ns: int) -> str:
    """The name of a file's content: the first 16 hexadecimal digits of its SHA-256, read once while it is unchanged."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _named(path: Path) -> str:
    about = path.stat()
    return fingerprint(path, about.st_size, about.st_mtime_ns)


def import_posts(
    settings: Settings,
    path: Path,
    *,
    now: datetime,
    catalogue: str = "brands",
    mapping: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Read an archive as a stream, match it, and store what mentions a brand; any size, in bounded memory.

    The same file again changes nothing: posts are known by their key, and the ledger's rows by the file's content.
    Raises ConfigError when the file is absent or in no known format.
    """
    if not path.is_file():
        raise ConfigError(f"{path} is not a file")
    brands = {brand.slug: brand for brand in brand_files.catalogue(catalogue, settings.brands)}
    matcher, files = match.compile_catalogue(list(brands.values())), match.files(brands.values())
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    ask, done, nights = asking(settings, path, now, mapping), Imported(path), _Nights()
    stream = archive.read(path, ask, map=mapping)
    # Asked for every post: the date is worked out once a platform.
    expires = cache(partial(_found.expiry, collected_on=night_of(now), retention_days=settings.retention_days))
    with _frozen():
        for batch in _found.batches(_counted(stream, done, nights, progress)):
            kept = [f for post in batch if (f := _found.found(post, matcher, brands, expires(post.source)))]
            saved = store.save_found(
                engine, kept, key=settings.author_key, matcher=match.VERSION, files=files, brands=brands
            )
            _add(done, nights, kept, saved)
    done.reasons = ask.reasons
    _close(settings, engine, done, nights, list(brands), ask, now)
    return done


@contextmanager
def _frozen() -> Iterator[None]:
    """Spare the collector half a million names and rules that stay anyway: a fifth of an import's time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def asking(settings: Settings, path: Path, now: datetime, mapping: Path | None) -> Ask:
    """What the archive reader is told: the file, its map, and where lines that cannot be read are kept aside."""
    rejects = settings.home / "rejects" / f"{path.name}.{_named(path)}.tsv"
    rejects.parent.mkdir(parents=True, exist_ok=True)
    given = {"path": str(path), "reject_path": str(rejects)}
    if mapping:
        given["map"] = str(mapping)
    return Ask(now=now, settings=given)


def _counted(
    stream: Iterator[Post], done: Imported, nights: _Nights, progress: Callable[[int], None] | None
) -> Iterator[Post]:
    for post in stream:
        done.read += 1
        nights.fetched[post.source, night_of(post.created_at)] += 1
        if progress and done.read % 1_000 == 0:
            progress(1_000)
        yield post


def _add(done: Imported, nights: _Nights, kept: list[store.Found], saved: store.Saved) -> None:
    done.kept += len(kept)
    done.new += saved.new
    done.changed += saved.changed
    done.same += saved.same
    done.opposed += saved.opposed
    for one in kept:
        accepted = sum(mention.accepted for mention in one.mentions)
        done.mentions += len(one.mentions)
        done.accepted += accepted
        nights.kept[one.post.source, night_of(one.post.created_at)] += accepted


def _close(
    settings: Settings,
    engine: store.Engine,
    done: Imported,
    nights: _Nights,
    slugs: list[str],
    ask: Ask,
    now: datetime,
) -> None:
    """Write the ledger: nights without a post in the file are unknown, so they get no row."""
    run = f"file:{_named(done.path)}"
    rows = [
        LedgerRow(
            source=platform,
            brand="*",
            night=night,
            run=run,
            status="partial" if ask.truncated else "complete",
            fetched=count,
            kept=nights.kept[platform, night],
        )
        for (platform, night), count in sorted(nights.fetched.items())
    ]
    store.save_ledger(engine, rows, {run: slugs})
    if rows:
        done.first, done.last = min(r.night for r in rows), max(r.night for r in rows)
    summary = {"read": done.read, "kept": done.kept, "reasons": dict(ask.reasons), "catalogue_size": len(slugs)}
    store.save_found(
        engine,
        [],
        key=settings.author_key,
        matcher=match.VERSION,
        cursor=store.Cursor("archive", run, msgspec.json.encode(summary).decode(), now),
    )
    rejects = Path(ask.settings["reject_path"])
    done.rejects = rejects if rejects.exists() and rejects.stat().st_size else None
    log.info("%d posts read, %d kept, %d skipped", done.read, done.kept, ask.skipped)
