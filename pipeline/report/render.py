"""Turns a digest into its three texts and its picture, once per brand and language, whoever receives it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report import chart
from pipeline.report.digest import Digest
from pipeline.report.view import Links, View, view
from pipeline.report.words import words

TEMPLATES = Path(__file__).parent / "templates"

# Indentation is a tenth of the mail, and some readers cut a mail of more than 102 KB.
INDENT = re.compile(r"\n\s+")

# Stands for each recipient's own link until the mail is addressed; .invalid can be nobody's host.
UNSUBSCRIBE = "https://unsubscribe.invalid/"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One digest in one language. `html` shows `png` by `cid:`; both texts hold UNSUBSCRIBE where a link will be."""

    language: str
    subject: str
    text: str
    html: str
    png: bytes | None
    cid: str


def render(digest: Digest, language: str, *, page: str | None = None) -> Rendered:
    """Draw and write one digest; the same digest gives the same bytes. `page` is where the full page can be opened."""
    said = words(language, digest.grain)
    home = at_home(page, digest.brand, said.language)
    links = Links(home, f"{home}/t-method" if home else None, UNSUBSCRIBE)
    # A short id: a longer one is folded in its header, and no longer found by simple readers.
    part = f"w{digest.first.isocalendar().week:02}" if digest.grain == "week" else f"m{digest.first:%m}"
    cid = f"mentions.{part}@rayonner"
    shown = view(digest, said, links, cid)
    return compose("digest", shown, png=chart.png(digest, said) if shown["chart"] else None, cid=cid)


def compose(name: str, shown: View, *, png: bytes | None = None, cid: str = "") -> Rendered:
    """The mail that the templates `name`.mjml.jinja and `name`.txt.jinja make of what is shown."""
    css = Markup((TEMPLATES / "digest.css").read_text("utf8"))  # noqa: S704  our own file
    mjml = _environment(html=True).get_template(f"{name}.mjml.jinja").render(shown | {"css": css})
    text = _environment(html=False).get_template(f"{name}.txt.jinja").render(shown)
    html = INDENT.sub("\n", mrml.to_html(mjml).content)
    return Rendered(str(shown["language"]), str(shown["subject"]), _plain(text), html, png, cid)


def at_home(page: str | None, brand: str, language: str) -> str | None:
    """The page opened on a brand, in a language."""
    return f"{page}#{brand}/{language}" if page else None


def attribute(text: str) -> Markup:
    """Text fit for an attribute: the compiler writes signs outside ASCII as literal codes, numeric entities survive."""
    composed = unicodedata.normalize("NFC", str(text))
    kept = "".join(c if c.isascii() and (c.isalnum() or c in " /:.,;=?#%+-_()!@") else f"&#{ord(c)};" for c in composed)
    return Markup(kept)  # noqa: S704  every sign that could end the attribute is an entity


@cache
def _environment(*, html: bool) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701  the other one writes text/plain
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=html,
    )
    env.filters["attr"] = attribute
    return env


def _plain(text: str) -> str:
    """The text twin: plain spaces, at most one blank line in a row, no blank at the ends of lines."""
    spaced = text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    lines = [line.rstrip() for line in spaced.splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip("\n") + "\n"
