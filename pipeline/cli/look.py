"""Look at what there is: status, the published figures, and a welcome after the first run."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import steps, store, warehouse
from pipeline.cli import _say, budget
from pipeline.cli._options import Json, now, settings
from pipeline.cli.digest import mails, mails_lines
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.steps.budget import month_of

FICTION = "The bundled sample is fictional: no person, post or figure in it is real."


def published(given: Settings) -> Path:
    """The published file. Raises ConfigError with the cure when there is none yet."""
    path = given.published / "rayonner.duckdb"
    if not path.exists():
        raise ConfigError(f"nothing is published in {given.published} yet; run: rayonner run")
    return path


def status(json: Json = False) -> None:
    """Say what the store holds, how the last nights went, and what is published."""
    with _say.told():
        given = settings()
        engine = store.connect(given.store_url)
        store.migrate(engine)
        counts = store.counts(engine)
        nights, at = store.ledger(engine), now()
        waiting = mails(engine, at)
        spent, deleted = steps.accounts(given, engine, month_of(at), at), steps.deletions(given, engine, at)
    bad = [row for row in nights if row.status == "failed"]
    short = [row for row in nights if row.status == "budget"]
    last = max((row.night for row in nights), default=None)
    path = given.published / "rayonner.duckdb"
    if json:
        told = {"store": counts, "last_night": last, "failed_rows": len(bad), "budget_rows": len(short)}
        _say.json_line({**told, "published": path.exists(), "budget": spent, "deletions": deleted, "mails": waiting})
        return
    _say.table(["in the store", "rows"], list(counts.items()))
    said = f"{len(bad)} source x brand x night rows failed, {len(short)} ended at the budget"
    _say.OUT.print(f"Last night in the ledger: {last or 'none yet'}; {said}.")
    for (night, source, error), brands in list(Counter((row.night, row.source, row.error) for row in bad).items())[-5:]:
        whose = f"{brands} brands" if brands > 1 else "1 brand"
        _say.OUT.print(f"  {night} {source}, {whose}: {_say.plain(error or '')}")
    for told_of_mails in mails_lines(waiting):
        _say.OUT.print(told_of_mails)
    if spent:
        budget.show(spent, f"{month_of(at)} (UTC)")
    if deleted:
        _say.table(GONE, [_gone(one) for one in deleted], title="Deleted on its platform, in the last 30 days")
    _say.OUT.print(f"Published file: {path if path.exists() else 'none yet; run: rayonner run'}")


GONE = ["source", "posts", "median h", "95 % h", "longest h", "allowed h", "late", "not looked at in time"]


def _gone(one: steps.Deleted) -> list[object]:
    hours = (one.median_h, one.p95_h, one.longest_h)
    return [
        one.source,
        one.count,
        *(None if h is None else f"{h:.1f}" for h in hours),
        one.allowed_h,
        one.late,
        one.overdue,
    ]


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A question in DuckDB's SQL; '-' reads standard input.")],
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Answer in CSV, for a spreadsheet.")] = False,
) -> None:
    """Ask the published file a question; it is opened read-only.

    Example: rayonner query "select brand, metric, value, low, high, n from metrics where grain = 'month'"
    """
    with _say.told():
        asked = sys.stdin.read() if sql == "-" else sql
        path = published(settings())
        columns, rows = warehouse.query(path, asked)
        hints = [] if rows else list(warehouse.unknown(path, asked))
    if json:
        for row in rows:
            _say.json_line(dict(zip(columns, row, strict=True)))
    elif csv:
        _say.csv(columns, rows)
    else:
        _say.answer(columns, rows)
    for hint in hints:
        # Not among the answer, which a program may read.
        _say.ERR.print(_say.plain(hint), soft_wrap=True)


def export(
    name: Annotated[str, typer.Argument(metavar="TABLE", help="A table or view of the published file.")],
    to: Annotated[Path, typer.Argument(help="The file to write: .csv, .parquet, .xlsx or .json.")],
) -> None:
    """Write a table or view to a file; in CSV and Excel, nothing that a spreadsheet would run as a formula."""
    with _say.told():
        done = warehouse.export(published(settings()), name, to, to.suffix.removeprefix("."))
    _say.OUT.print(f"{done} rows written to {to}")


NOW = """
    select
        name, mention_count, net_sentiment, net_sentiment_low, net_sentiment_high, reach_low, reach_high,
        share_of_voice, grain, night
    from brand_now
    order by mention_count desc nulls last, name
"""


def welcome() -> None:
    """Say where the figures are, show them in small, and what to try next."""
    with _say.told():
        given = settings()
        path = published(given)
        _, rows = warehouse.query(path, NOW)
    heard = [row for row in rows if row[1]]
    title = f"The 28 nights up to {heard[0][-1]}" if heard else "No mention yet"
    _say.table(
        ["brand", "n", "net sentiment (95 %)", "reach, est.", "voice"],
        [_brand_line(row) for row in heard],
        title=title,
    )
    if len(rows) > len(heard):
        _say.OUT.print(f"{len(rows) - len(heard)} other brands were listened to and not heard of.")
    if "sample" in given.sources:
        _say.OUT.print(f"[yellow]{FICTION}[/]")
    _say.OUT.print(
        f"\nDuckDB file  {path}\nPage         {given.published / 'index.html'}\n\nNext, try:", soft_wrap=True
    )
    for line in (
        """rayonner query "from metrics where brand = 'just-dijon' and grain = 'month'" """,
        "rayonner coverage --brand just-dijon",
        "rayonner import YOUR_ARCHIVE.jsonl.gz --catalogue national",
    ):
        _say.OUT.print(f"  [bold].venv/bin/{_say.plain(line.strip())}[/]", soft_wrap=True)


def _brand_line(row: tuple[Any, ...]) -> list[object]:
    """One brand as a person reads it: below the minimum n the word is "not enough", not a number."""
    name, count, tone, low, high, reach_low, reach_high, share, *_ = row
    return [
        name,
        count,
        "not enough" if tone is None else f"{tone:+.2f} ({low:+.2f} to {high:+.2f})",
        None if reach_low is None else f"{_thousands(reach_low)}-{_thousands(reach_high)}",
        None if share is None else f"{share:.0%}",
    ]


def _thousands(value: float) -> str:
    return f"{value / 1e6:.1f} M" if value >= 1e6 else f"{value / 1e3:.0f} k" if value >= 1e3 else f"{value:.0f}"
