"""The page: one self-contained HTML file a night, drawn from the published figures and nothing else."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from pipeline.model import Brand
from pipeline.report.ask import rows
from pipeline.report.figures import METRICS, figures
from pipeline.report.text import tied

TEMPLATES = Path(__file__).parent / "templates"

# In the order they are read by the browser: each uses what those before it define.
SCRIPTS = ("words", "draw", "chart", "image", "tags", "anomalies", "tables", "start")

# The digest says them too, and says them the same.
SHARED = ("source_", "theme_", "emotion_", "audience_")


# Its own words on each figure: a definition without French words yet is told as the file tells it.
DEFINITIONS = """
    select metric, version, unit, definition, minimum_n, source
    from metric_definition where is_current and list_contains(?, metric)
"""


def write(published: Path, brands: Sequence[Brand], to: Path, *, feeds: Sequence[Path] = ()) -> Path:
    """Draw the page of a published file into `to`, replaced in one stroke; the same file gives the same bytes.

    `feeds` are the Atom feeds that stand beside it: it links to them.
    The MOST_BRANDS most mentioned brands are shown, over WEEKS weeks; one without a mention is left out. Raises
    SchemaError when the file is not one of ours.
    """
    beside = {"feeds": sorted(feed.name for feed in feeds), "definitions": definitions(published)}
    return replace(to, render(figures(published, brands) | beside))


def definitions(published: Path) -> dict[str, list[object]]:
    """By metric shown: version, unit, definition, least n and source, in the words of the published file."""
    found = {str(metric): told for metric, *told in rows(published, DEFINITIONS, (list(METRICS),))}
    return {metric: found[metric] for metric in METRICS if metric in found}


def render(shown: dict[str, object]) -> str:
    """The HTML; `<` never appears inside the JSON, so no text can close the script that holds it."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True))
    encoded = json.dumps(shown | {"messages": messages()}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        encoded = encoded.replace(sign, code)
    return env.get_template("page.html.jinja").render(
        css=(TEMPLATES / "page.css").read_text("utf8"),
        script="".join((TEMPLATES / "page" / f"{name}.js").read_text("utf8") for name in SCRIPTS),
        figures=encoded,
        fictional=shown["fictional"],
        feeds=shown.get("feeds", ()),
    )


def messages() -> dict[str, dict[str, str]]:
    """The page's words by language, with the names of sources and tags that the digest's catalogue holds."""
    own, digest = (tomllib.loads((TEMPLATES / f"{n}.messages.toml").read_text("utf8")) for n in ("page", "digest"))
    both = {
        language: said | {key: text for key, text in digest[language].items() if key.startswith(SHARED)}
        for language, said in own.items()
    }
    return both | {"fr": {key: tied(text) for key, text in both["fr"].items()}}


def replace(to: Path, text: str) -> Path:
    """Write a file readers may be opening: a draft beside it, then one stroke."""
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.{os.getpid()}")
    with draft.open("w", encoding="utf8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(to)
    return to
