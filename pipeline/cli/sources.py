"""Where posts come from: what each source needs, whether it can be read, and the feeds of a site."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli import _say
from pipeline.cli._options import Json, now, settings
from pipeline.steps import sources

app = typer.Typer(help="Where posts come from: list the sources, test them, find feeds.", no_args_is_help=True)


@app.command("list")
def list_sources(json: Json = False) -> None:
    """List every source: whether nights collect it, what it needs, its terms in one line.

    A source is collected when it is named in RAYONNER_SOURCES and has what it needs; else it is off: no failure.
    One that costs money by the post is refused until RAYONNER_BUDGET caps it.
    """
    with _say.told():
        listed = sources.list_sources(settings())
    for one in listed:
        if json:
            told = {"source": one.source, "on": one.on, "needs": one.needs, "missing": one.missing}
            told |= {"terms": one.terms, "how": one.how, "cap_wanted": one.cap_wanted, "undeclared": one.undeclared}
            _say.json_line(told)
        else:
            _say.OUT.print(f"[bold]{one.source:<10}[/] {_state(one)}", soft_wrap=True)
            _say.OUT.print(f"{'':<10} [dim]{_say.plain(one.terms)}[/]", soft_wrap=True)
    if not json:
        _say.OUT.print("Turn one on: set what it needs, add its name to RAYONNER_SOURCES, then: rayonner sources check")


@app.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these; default: those nights collect.")
    ] = None,
    json: Json = False,
) -> None:
    """Test each configured source with one cheap call, and say in one line what to mend.

    ✓ answers, ✗ must be mended, ? is out of reach now. Exit code 1 when a human must act; what is only out of reach
    passes.

    Example: rayonner sources check mastodon
    """
    mending = False
    with _say.told():
        for one in sources.check_sources(settings(), names or (), now=now()):
            mending |= one.mend
            if json:
                _say.json_line(one)
            else:
                _say.OUT.print(f"{_mark(one)} [bold]{one.source:<10}[/] {_say.plain(one.told)}", soft_wrap=True)
    if mending:
        raise typer.Exit(_say.FOUND_PROBLEMS)


@app.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="A page of the site: www.example.fr")],
    json: Json = False,
) -> None:
    """Find the feeds of a site, to be written in a brand file under [press] feeds.

    Addresses only, none of them tried; `rayonner sources check rss` tries those of the brand files.
    """
    with _say.told():
        found = sources.discover_feeds(settings(), url, now=now())
    for feed in found:
        if json:
            _say.json_line({"feed": feed})
        else:
            _say.OUT.print(_say.plain(feed), soft_wrap=True)
    if not found:
        _say.ERR.print("This page announces no feed and links to none: try the page of a section, or ask.")
        raise typer.Exit(_say.FOUND_PROBLEMS)


def _mark(one: sources.Checked) -> str:
    if one.mend:
        return "[red]✗[/]"
    return "[yellow]?[/]" if one.out_of_reach else "[green]✓[/]"


def _state(one: sources.Listed) -> str:
    """Whether nights collect it; else what is lacking."""
    if one.on:
        return "[green]every night[/]"
    if one.named and not one.missing and one.cap_wanted:
        return f"[red]refused[/]: it costs money by the post, set {one.cap_wanted}"
    if one.named and one.undeclared:
        return f"[yellow]off[/]: not declared as its terms ask: rayonner sources check {one.source}"
    wanted = [*one.missing, *([one.cap_wanted] if one.cap_wanted else [])]
    cures = [f"set {' and '.join(wanted)}"] if wanted else []
    cures += [] if one.named or one.source == sources.WIKIMEDIA else ["add it to RAYONNER_SOURCES"]
    return f"[yellow]off[/]: {', '.join(cures)}"
