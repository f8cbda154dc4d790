"""Options that several commands share, the clock, and the settings of this process."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

import typer

from pipeline import settings as settings_room
from pipeline.errors import ConfigError
from pipeline.model import night_of
from pipeline.settings import Settings

Catalogue = Annotated[
    str,
    typer.Option(
        help="What to listen for: [bold]brands[/] (your brand files), [bold]national[/] (every région, département "
        "and city over 20,000 inhabitants), or the path of a brand file or folder."
    ),
]
NightOption = Annotated[
    str | None, typer.Option("--night", help="The night, YYYY-MM-DD. Default: last night, Paris time.")
]
Language = Annotated[
    Literal["fr", "en"] | None, typer.Option(help="Show or write it in this language (fr); subscribers get their own.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


def now() -> datetime:
    """The time, read here and passed on."""
    return datetime.now(UTC)


def day(text: str | None, default: date | None = None) -> date:
    """A day as typed, else the default, else last night in Paris. Raises ConfigError on what is not a date."""
    if text is None:
        return default or night_of(now()) - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a date; write it as 2026-05-31") from error


def settings() -> Settings:
    """The settings, from the environment."""
    return settings_room.load()
