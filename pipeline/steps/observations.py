"""Import engagement seen on successive days, for posts that are already stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from pipeline import store
from pipeline.collect import Ask, archive
from pipeline.errors import ConfigError
from pipeline.model import Engagement
from pipeline.settings import Settings
from pipeline.steps.imports import Imported, asking


def import_engagement(
    settings: Settings,
    path: Path,
    *,
    now: datetime,
    source: str = "x",
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Load engagement seen on successive days (CSV) for posts already stored; unknown posts are counted.

    The same file again changes nothing.
    """
    if not path.is_file():
        raise ConfigError(f"{path} is not a file")
    engine = store.connect(settings.store_url)
    store.migrate(engine)
    done, ask = Imported(path), asking(settings, path, now, None)
    ask = Ask(now=now, settings={**ask.settings, "source": source})
    rows = _counted_rows(archive.engagements(path, ask), done, progress)
    done.new, done.same, unknown = store.save_engagement(engine, rows, key=settings.author_key)
    done.kept = done.new + done.same
    done.reasons = ask.reasons
    done.reasons["post_not_stored"] += unknown
    return done


def _counted_rows(
    rows: Iterator[tuple[str, str, Engagement]], done: Imported, progress: Callable[[int], None] | None
) -> Iterator[tuple[str, str, Engagement]]:
    for row in rows:
        done.read += 1
        if progress and done.read % 1_000 == 0:
            progress(1_000)
        yield row
