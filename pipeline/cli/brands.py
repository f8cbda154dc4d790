"""Brand files: check them, list them, see what would be asked, run their own examples."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from pipeline import brands as brand_files
from pipeline import match
from pipeline.cli import _say
from pipeline.cli._options import Catalogue, Json, now, settings
from pipeline.collect._plan import Planned
from pipeline.errors import ConfigError
from pipeline.model import Brand
from pipeline.steps.sources import plan_source, price_of_a_post

app = typer.Typer(help="What we listen for: one TOML file per territory.", no_args_is_help=True)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="A folder of brand files; default RAYONNER_BRANDS.")] = None,
    json: Json = False,
) -> None:
    """Name the file, the line and the cure of every mistake."""
    with _say.told():
        problems = brand_files.check(folder or settings().brands)
    for problem in problems:
        if json:
            _say.json_line(problem)
        else:
            colour = "red" if problem.fatal else "yellow"
            where, message = f"{problem.file}:{problem.line}", _say.clean(problem.message)
            _say.OUT.print(f"[{colour}]{where}[/] {_say.plain(message)}", soft_wrap=True)
            _say.OUT.print(f"    [dim]→ {_say.plain(problem.cure)}[/]", soft_wrap=True)
    fatal = sum(problem.fatal for problem in problems)
    if not json:
        _say.OUT.print(
            f"{fatal} mistakes, {len(problems) - fatal} warnings." if problems else "All brand files are right."
        )
    if fatal:
        raise typer.Exit(_say.FOUND_PROBLEMS)


@app.command("list")
def list_brands(catalogue: Catalogue = "brands", json: Json = False) -> None:
    """List the brands that are listened to."""
    with _say.told():
        brands = brand_files.catalogue(catalogue, settings().brands)
    if json:
        for brand in brands:
            _say.json_line({"slug": brand.slug, "name": brand.name, "level": brand.level, "insee": brand.insee})
        return
    rows = [(b.slug, b.name, b.territory, b.level, b.insee, ", ".join(b.peers)) for b in brands]
    _say.table(["slug", "brand", "territory", "level", "INSEE", "peers"], rows)


@app.command()
def query(
    slug: Annotated[str, typer.Argument(help="The brand's slug: the name of its file.")],
    source: Annotated[str | None, typer.Option(help="Show the questions this source would be asked.")] = None,
    catalogue: Catalogue = "brands",
    json: Json = False,
) -> None:
    """Show the words that sources are asked for, or exactly what one source would be asked, and what it may cost.

    Example: rayonner brands query just-dijon --source x
    """
    with _say.told():
        brand = the_brand(slug, catalogue)
        if source:
            _questions(plan_source(settings(), source, [brand], now=now()), source, json)
            return
        asked = brand_files.queries([brand])[0]
    if json:
        _say.json_line(asked)
        return
    for name in ("terms", "hashtags", "handles", "languages", "exclusions"):
        _say.OUT.print(f"[bold]{name:<11}[/] {_say.plain(' · '.join(getattr(asked, name)) or '–')}")


@app.command()
def test(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A brand file with [[example]] entries.")],
    json: Json = False,
) -> None:
    """Run a brand's own examples: is each accepted or refused as its owner said?"""
    with _say.told():
        if not path.is_file():
            raise ConfigError(f"{path} is not a file")
        brands = brand_files.catalogue(str(path), settings().brands)
    wrong = 0
    for brand in brands:
        matcher = match.compile_catalogue([brand])
        for example in brand.examples:
            found = next((m for m in matcher.mentions(example.text) if m.brand == brand.slug), None)
            good = (found is not None and found.accepted) == example.accepted
            wrong += not good
            rule = found.rule if found else "no word of the brand found"
            if json:
                _say.json_line({"text": example.text, "wanted": example.accepted, "good": good, "rule": rule})
            else:
                mark = "[green]✓[/]" if good else "[red]✗[/]"
                _say.OUT.print(f"{mark} {_say.plain(example.text)}  [dim]{_say.plain(rule)}[/]")
    if wrong:
        raise typer.Exit(_say.FOUND_PROBLEMS)


def _questions(planned: list[Planned], source: str, json: bool) -> None:
    """Print the questions one a line, then what they take at the least: more pages are more requests."""
    requests, micros = sum(one.cost for one in planned), sum(one.cost_micros for one in planned)
    if json:
        for one in planned:
            _say.json_line(one)
        return
    for one in planned:
        _say.OUT.print(_say.plain(one.text), soft_wrap=True)
    price = f"{micros / 1e6:.3f} $" if micros else "free of charge"
    a_post = f" and at most {each / 1e6:.3f} $ for each post found" if (each := price_of_a_post(source)) else ""
    count = "1 question" if len(planned) == 1 else f"{len(planned)} questions"
    least = (
        f"at least {requests} requests a night" if requests else "asked only of nights that the stream does not hold"
    )
    told = f"{source}: {count}, {least}, {price}{a_post}"
    _say.OUT.print(f"[dim]{told}[/]", soft_wrap=True)


def the_brand(slug: str, catalogue: str) -> Brand:
    """The brand called so. Raises ConfigError with those that were perhaps meant."""
    brands = brand_files.catalogue(catalogue, settings().brands)
    for brand in brands:
        if brand.slug == slug:
            return brand
    slugs = [brand.slug for brand in brands]
    near = ([s for s in slugs if slug in s] or get_close_matches(slug, slugs))[:5]
    hint = f"; did you mean {', '.join(near)}?" if near else "; see: rayonner brands list"
    raise ConfigError(f"no brand is called {slug!r}{hint}")
