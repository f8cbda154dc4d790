"""The commands, grouped as a night goes: collect, score, build, publish; then look, ask, export."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import (
    _say,
    alert,
    brands,
    budget,
    coverage,
    digest,
    evaluate,
    look,
    night,
    people,
    rescore,
    sources,
    texts,
)
from pipeline.cli.attention import attention
from pipeline.cli.influence import influence

HELP = """Listen to what people say of a territory's brand, and follow its image over years.

A first look, without any key:   [bold]rayonner run --from 2026-01-05 --night 2026-05-31[/]

Exit codes: 0 done · 1 problems found in what was checked · 2 wrong command · 3 a human must act ·
4 try again later · 5 done, but some nights or sources are missing.
"""

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,  # locals hold posts and keys
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"rayonner {__version__}")
        raise typer.Exit


@app.callback()
def start(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what each step does.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Read the options that hold for every command."""
    _say.logs(verbose)


app.command(rich_help_panel="A night")(night.run)
app.command(rich_help_panel="A night")(night.collect)
app.command("import", rich_help_panel="A night")(night.import_file)
app.command(rich_help_panel="A night")(attention)
app.command(rich_help_panel="A night")(night.score)
app.command(rich_help_panel="A night")(rescore.rescore)
app.command(rich_help_panel="A night")(night.build)
app.command(rich_help_panel="A night")(night.publish)
app.command(rich_help_panel="A night")(influence)
app.command(rich_help_panel="People's rights")(people.upkeep)
app.command(rich_help_panel="People's rights")(people.forget)
app.command(rich_help_panel="People's rights")(people.oppose)
app.command(rich_help_panel="Monday morning")(digest.digest)
app.command(rich_help_panel="Monday morning")(alert.alert)
app.command(rich_help_panel="Monday morning")(digest.deliveries)
app.command(rich_help_panel="Monday morning")(people.unsubscribe)
app.command(rich_help_panel="Look and ask")(look.status)
app.command(rich_help_panel="Look and ask")(coverage.coverage)
app.command(rich_help_panel="Look and ask")(budget.budget)
app.command(rich_help_panel="Look and ask")(look.query)
app.command(rich_help_panel="Look and ask")(look.export)
app.command(rich_help_panel="Look and ask")(look.welcome)
app.command(rich_help_panel="Texts alone")(texts.match)
app.command(rich_help_panel="Texts alone")(texts.sentiment)
app.command(rich_help_panel="How good it is")(evaluate.evaluate)
app.add_typer(brands.app, name="brands", rich_help_panel="What we listen for")
app.add_typer(sources.app, name="sources", rich_help_panel="What we listen for")


def main() -> None:
    """Run the command line."""
    app()
