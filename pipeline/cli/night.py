"""The steps of a night, one command each, and all of them in `run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline import steps
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Json, NightOption, day, now, settings
from pipeline.steps import Imported

From = Annotated[
    str | None, typer.Option("--from", help="First night of a range, YYYY-MM-DD; --night is then the last.")
]


def run(night: NightOption = None, first: From = None, catalogue: Catalogue = "brands", json: Json = False) -> None:
    """Run a whole night: collect every source, score, build, publish.

    Example: rayonner run --from 2026-01-05 --night 2026-05-31
    """
    with _say.told():
        given, last = settings(), day(night)
        say = (lambda _: None) if json else lambda step: _say.ERR.print(f"[dim]→[/] {step}")
        done = steps.run(given, last, now=now(), first=day(first, last), catalogue=catalogue, say=say)
    failed = {name: str(error) for name, error in done.failed.items()}
    missed = sum(len(c.failed) for c in done.collected.values())
    if json:
        _say.json_line({"night": last, "scored": done.scored, "failed": failed, "nights_missed": missed})
    else:
        _say.OUT.print(f"Published {done.published}: {done.scored} mentions scored this time.")
        for name, message in failed.items():
            _say.ERR.print(f"[yellow]{name} failed:[/] {_say.plain(message)}")
    if failed or missed:
        _say.ERR.print(f"[yellow]{missed} nights are missing[/] and shown as unknown: rayonner coverage")
    if failed:
        raise typer.Exit(_say.INCOMPLETE)


def collect(
    source: Annotated[str, typer.Argument(help="The source's name, as in RAYONNER_SOURCES.")],
    night: NightOption = None,
    first: From = None,
    catalogue: Catalogue = "brands",
    json: Json = False,
) -> None:
    """Collect the posts of one source for a night or a range, and keep those that mention a brand."""
    with _say.told():
        last = day(night)
        start = day(first, last)
        with _say.progress(f"collect {source}", (last - start).days + 1) as step:
            done = steps.collect(settings(), source, start, last, now=now(), catalogue=catalogue, progress=step)
    if json:
        _say.json_line(
            {
                "source": source,
                "nights": done.nights,
                "fetched": done.fetched,
                "kept": done.kept,
                "failed": {str(n): str(e) for n, e in done.failed.items()},
                "short_of_budget": {str(n): str(e) for n, e in done.short.items()},
                "asked_again": done.again,
            }
        )
    else:
        _say.OUT.print(
            f"{source}: {done.nights} nights, {done.fetched} posts fetched, {done.kept} mentions kept, "
            f"{done.skipped} skipped, {len(done.failed)} nights failed."
        )
        for ended, why in done.short.items():
            _say.OUT.print(f"  {ended} ended at the budget: {_say.plain(str(why))}")
    if done.failed:
        raise typer.Exit(_say.INCOMPLETE)


def import_file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="JSONL, X API v2 JSON, or CSV; plain, .gz or .zst.")],
    catalogue: Catalogue = "brands",
    mapping: Annotated[
        Path | None, typer.Option("--map", help="A TOML that describes the columns of a vendor's CSV export.")
    ] = None,
    engagement: Annotated[
        bool, typer.Option("--engagement", help="The file holds likes and reposts of known posts, day by day.")
    ] = False,
    source: Annotated[str, typer.Option(help="Platform of an --engagement file that does not name it.")] = "x",
    json: Json = False,
) -> None:
    """Import a file that you already have, of any size, as a stream.

    Lines that cannot be read are counted and kept aside with their number. The same file twice changes nothing.
    """
    with _say.told(), _say.progress(f"import {path.name}") as step:
        if engagement:
            done = steps.import_engagement(settings(), path, now=now(), source=source, progress=step)
        else:
            done = steps.import_posts(settings(), path, now=now(), catalogue=catalogue, mapping=mapping, progress=step)
    _imported(done, engagement, json)


def _imported(done: Imported, engagement: bool, json: bool) -> None:
    if json:
        _say.json_line(
            {
                "read": done.read,
                "kept": done.kept,
                "new": done.new,
                "same": done.same,
                "mentions": done.mentions,
                "accepted": done.accepted,
                "skipped": dict(done.reasons),
                "rejects": done.rejects,
            }
        )
        return
    what = "observations" if engagement else "posts"
    _say.OUT.print(f"{done.read} {what} read, {done.kept} kept: {done.new} new, {done.same} already known.")
    if not engagement:
        _say.OUT.print(f"{done.mentions} candidate mentions, {done.accepted} accepted.")
    for reason, count in done.reasons.most_common():
        _say.OUT.print(f"  {count} × {reason}")
    if done.rejects:
        _say.OUT.print(f"What could not be read is in {done.rejects}, with line numbers.")


def score(
    catalogue: Catalogue = "brands",
    tier: Annotated[str | None, typer.Option(help="accurate, fast or cascade; default RAYONNER_TIER.")] = None,
    shard: Annotated[str, typer.Option(help="INDEX/COUNT: only this share of the posts.")] = "0/1",
    json: Json = False,
) -> None:
    """Score the mentions that no scorer has read yet."""
    index, _, count = shard.partition("/")
    if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise typer.BadParameter("write INDEX/COUNT, for instance 0/4", param_hint="--shard")
    with _say.told(), _say.progress("score") as step:
        written = steps.score(
            settings(), now=now(), shard=(int(index), int(count)), catalogue=catalogue, tier=tier, progress=step
        )
    _say.json_line({"scored": written}) if json else _say.OUT.print(f"{written} mentions scored.")


def build(
    night: NightOption = None,
    catalogue: Catalogue = "brands",
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything from the store, not only changes.")] = False,
    json: Json = False,
) -> None:
    """Bring the warehouse up to a night, with its checks; nothing is published yet."""
    with _say.told():
        built = steps.build(settings(), day(night), now=now(), catalogue=catalogue, full=full)
    if json:
        _say.json_line({"posts": built.posts, "mentions": built.mentions, "changed": built.changed_rows})
    else:
        _say.OUT.print(f"Built: {built.posts} posts, {built.mentions} mentions, {built.changed_rows} rows changed.")


def publish(night: NightOption = None, catalogue: Catalogue = "brands", json: Json = False) -> None:
    """Replace the file that analysts open by the one just built, in one stroke, and draw the page."""
    with _say.told():
        done = steps.publish(settings(), day(night), now=now(), catalogue=catalogue)
    _say.json_line({"path": done.path, "night": done.night}) if json else _say.OUT.print(f"Published {done.path}")
