"""Puts the built file where people read it: whole or not at all, with its dated copies and its Parquet twins."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.errors import FatalError
from pipeline.warehouse import twins
from pipeline.warehouse.database import reading, translated
from pipeline.warehouse.lock import held
from pipeline.warehouse.paths import BUILD_FILE, LATEST, LOCK_FILE, NIGHTS, PARQUET, PUBLISHED_FILE
from pipeline.warehouse.publication import Publication, read_publication
from pipeline.warehouse.seeds import KEPT_NIGHTS
from pipeline.warehouse.twins import sync

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """What readers now open: the file, its night and its size."""

    path: Path
    night: date
    bytes: int


def publish(home: Path, *, night: date, now: datetime) -> Published:
    """Put <home>/build/rayonner.duckdb in the place of <home>/published/rayonner.duckdb.

    Readers see the old file or the new one, never a mix; a reader that has the old one open keeps it. May be killed
    anywhere and run again. Raises FatalError when no build of `night` is there, BusyError when another run holds it.
    """
    with held(home / LOCK_FILE, "publish"), translated():
        target = home / PUBLISHED_FILE
        if (home / BUILD_FILE).exists():
            _check_night(home / BUILD_FILE, night)
            _replace(home, night)
        publication = _check_night(target, night)
        _keep_nights(home / NIGHTS)
        twins.write(target, home / PARQUET, publication)
        _write_latest(home, publication, now)
        size = target.stat().st_size
    log.info("published %s, %d bytes", night, size)
    return Published(target, night, size)


def _check_night(path: Path, night: date) -> Publication:
    """The file's publication row. Raises FatalError when the file is not the whole build of `night`."""
    if not path.exists():
        raise FatalError(f"nothing is built for {night}: run `rayonner build` first")
    if path.with_name(path.name + ".wal").exists():
        raise FatalError(f"{path} was left half written: run `rayonner build` again")
    with reading(path) as con:
        found = read_publication(con)
    if found is None or found.night != night:
        has = "no night" if found is None else str(found.night)
        raise FatalError(f"{path} holds {has}, not {night}: run `rayonner build` for {night} first")
    return found


def _replace(home: Path, night: date) -> None:
    """Swap the files: synced before the swap and the folders after it, so that a power cut leaves one or the other."""
    built, target, nights = home / BUILD_FILE, home / PUBLISHED_FILE, home / NIGHTS
    nights.mkdir(parents=True, exist_ok=True)
    built.chmod(0o444)
    sync(built)
    # A file moved beside the .wal of another cannot be opened at all.
    target.with_name(target.name + ".wal").unlink(missing_ok=True)
    dated = nights / f"{night}.duckdb"
    link = nights / ".new"
    link.unlink(missing_ok=True)
    os.link(built, link)
    link.replace(dated)
    built.replace(target)
    for folder in (nights, target.parent, built.parent):
        sync(folder)


def _keep_nights(nights: Path) -> None:
    """Forget the dated copies older than the last seven."""
    for old in sorted(nights.glob("*.duckdb"))[:-KEPT_NIGHTS]:
        old.unlink()


def _write_latest(home: Path, publication: Publication, now: datetime) -> None:
    """Tell programs what the last night is without opening the database."""
    text = json.dumps(
        {
            "night": publication.night.isoformat(),
            "run": publication.run,
            "file": PUBLISHED_FILE.name,
            "dated_file": f"{NIGHTS.name}/{publication.night}.duckdb",
            "definitions": publication.definitions,
            "published_at": now.astimezone(UTC).isoformat(),
        },
        indent=2,
        allow_nan=False,
    )
    new = home / f"{LATEST}.new"
    new.write_text(text + "\n", "utf-8")
    sync(new)
    new.replace(home / LATEST)
