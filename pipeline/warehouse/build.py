"""Builds the next file to publish: a copy of the last one plus what changed, the checks inside the transaction."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipeline.collect import Legal
from pipeline.errors import FatalError
from pipeline.model import Brand, night_of
from pipeline.warehouse import merge, runner, seeds, texts, touched
from pipeline.warehouse import models as sql
from pipeline.warehouse.database import MEMORY, ROOMY, create, most_of_machine, reading, translated, writing
from pipeline.warehouse.dictionary import abouts, column_comments
from pipeline.warehouse.inputs import Inputs
from pipeline.warehouse.landing import DELETION, RAW, Changes, count, create_raw, land
from pipeline.warehouse.lock import held
from pipeline.warehouse.paths import BUILD_FILE, LOCK_FILE, PUBLISHED_FILE, STAGING_FILE
from pipeline.warehouse.publication import Publication, last_publication, write_metric_definitions, write_publication

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the file, the store's revision in it, what it holds and what changed."""

    path: Path
    revision: int
    posts: int
    mentions: int
    changed_rows: int
    touched_nights: int
    checks: int
    warnings: tuple[str, ...]


def build(
    home: Path,
    changes: Changes,
    brands: Sequence[Brand],
    legal: Mapping[str, Legal],
    *,
    night: date,
    now: datetime,
    code_version: str,
    full: bool = False,
    memory: str = MEMORY,
    accounts: Sequence[seeds.Account] = (),
) -> Built:
    """Build <home>/build/rayonner.duckdb up to `night`, the last night to publish; `now` carries a zone.

    Starts from the published file and lands what changed since; `full` starts from nothing and gives the same. Raises
    BusyError while another build or publish runs, CheckError naming the check, FatalError when disk or memory is full.
    """
    folder = home / BUILD_FILE.parent
    inputs = Inputs(changes, brands, legal, night, now, code_version, sql.read(), accounts)
    with held(home / LOCK_FILE, "build"), translated():
        staging, built = _whole(home, folder, inputs, full, (memory, ROOMY, *most_of_machine()))
        # Only a whole build gets the name that publish looks for.
        staging.replace(built.path)
    log.info("built %s: %d mentions, %d rows changed", night, built.mentions, built.changed_rows)
    return built


def _whole(home: Path, folder: Path, inputs: Inputs, full: bool, memories: Sequence[str]) -> tuple[Path, Built]:
    """The build with the first of `memories` that holds it: a night fits in little, many years at once do not."""
    staging = _staged(home, full or _means_else(home / PUBLISHED_FILE, inputs.definitions))
    try:
        with writing(staging, folder / "spill", memories[0]) as con:
            return staging, _fill(con, folder, inputs)
    except FatalError as error:
        if not memories[1:] or not isinstance(error.__cause__, duckdb.OutOfMemoryException):
            raise
        log.warning("the build does not fit in %s of memory; doing it again with %s: %s", *memories[:2], error)
    return _whole(home, folder, inputs, full, memories[1:])


def _means_else(published: Path, definitions: str) -> bool:
    """Whether the published file has other tables or other SQL: nothing in it is worth keeping then."""
    if not published.exists():
        return False
    with reading(published) as con:
        return last_publication(con, definitions) is None


def _staged(home: Path, full: bool) -> Path:
    """The file to fill: a copy of the published one, or an empty one. Leftovers of a killed run are removed."""
    target, published = home / STAGING_FILE, home / PUBLISHED_FILE
    shutil.rmtree(target.parent / "spill", ignore_errors=True)
    for leftover in [*target.parent.glob("*.duckdb*"), *target.parent.glob("*.jsonl")]:
        leftover.unlink()
    if published.exists() and not full:
        shutil.copyfile(published, target)
        target.chmod(0o600)
    else:
        create(target)
    return target


def _fill(con: duckdb.DuckDBPyConnection, folder: Path, inputs: Inputs) -> Built:
    """Land, merge, run the models and the checks; all or nothing."""
    last = last_publication(con, inputs.definitions)
    since = last.revision if last else 0
    create_raw(con)
    land_all(con, inputs, since, folder)
    texts.refresh(con, inputs.legal, night_of(inputs.now))
    con.begin()
    try:
        built = _transform(con, folder, inputs, last)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    texts.overwrite(con)
    return built


def land_all(con: duckdb.DuckDBPyConnection, inputs: Inputs, since: int, folder: Path) -> None:
    """Land the rows changed after `since` of every table; posts with the texts that may be shown, in one pass."""
    for table, (_, columns) in RAW.items():
        rows = inputs.changes.changes(table, since)
        if table == "post":
            land(con, "landed_post", rows, {**columns, **texts.COLUMNS}, folder, lambda r: texts.shown(r, inputs.legal))
        else:
            land(con, f"landed_{table}", rows, columns, folder)
    land(con, "landed_deletion", inputs.changes.changes("deletion", since), DELETION, folder)


def _transform(con: duckdb.DuckDBPyConnection, folder: Path, inputs: Inputs, last: Publication | None) -> Built:
    changed = merge.take_in(con)
    seeds.seed_brands(con, inputs.brands, inputs.legal, folder)
    seeds.seed_accounts(con, inputs.accounts, folder)
    seeds.seed_figures(con, folder)
    seeds.seed_influence(con, folder.parent, folder)
    seeds.seed_nights(con, inputs.night, night_of(inputs.now), folder)
    everything = _needs_everything(con, inputs, last)
    if everything:
        touched.find_all(con)
    else:
        touched.find_new(con, last.night if last else None, inputs.night)
    made = runner.run(con, inputs.models, everything=everything)
    made += _write_facts(con, inputs, last, folder)
    touched.keep_months(con)
    raw = [f"raw.{t}" for t in (*RAW, "post_text", "touched_month", "tested_series", *seeds.TABLES)]
    runner.comment(con, made + raw, abouts(inputs.models), column_comments(inputs.models))
    checks, warnings = runner.check(con, inputs.models)
    return Built(
        path=folder / BUILD_FILE.name,
        revision=inputs.changes.revision,
        posts=count(con, "raw.post"),
        mentions=count(con, "fct_mention"),
        changed_rows=changed,
        touched_nights=touched.count_touched(con),
        checks=checks,
        warnings=tuple(warnings),
    )


def _write_facts(con: duckdb.DuckDBPyConnection, inputs: Inputs, last: Publication | None, folder: Path) -> list[str]:
    """The two tables that describe the file itself: what its metrics mean, and how it came about."""
    write_metric_definitions(con, inputs.models, folder)
    publication = Publication(
        night=inputs.night,
        run=inputs.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"),
        code_version=inputs.code_version,
        definitions=inputs.definitions,
        settings=inputs.settings,
        revision=inputs.changes.revision,
        built_at=inputs.now.astimezone(UTC).replace(tzinfo=None),
    )
    write_publication(con, publication, last)
    return ["metric_definition", "publication"]


def _needs_everything(con: duckdb.DuckDBPyConnection, inputs: Inputs, last: Publication | None) -> bool:
    """Whether all nights must be redone: the meaning, the brands, the terms or the first night changed."""
    if last is None or last.settings != inputs.settings or inputs.night < last.night:
        return True
    row = con.execute(
        "select (select min(night) from raw.night) is distinct from (select min(night) from dim_date) or exists ("
        "select m.brand from changed_mention as m where m.accepted and m.sense <> 'spam' "
        "and m.brand not in (select brand from dim_brand))"
        " or exists (select brand from dim_brand where not is_listened except select m.brand from raw.mention as m "
        "inner join (select brand from dim_brand where not is_listened) as b on b.brand = m.brand where m.accepted)"
        " or exists (select source from changed_post except select source from dim_source)"
    ).fetchone()
    return bool(row and row[0])
