"""Text out of the HTML that people's posts come wrapped in: what a reader sees, without running or trusting any of it.

Not with html.parser, which takes a minute for 400 kB of "</" (CPython 3.11): a pattern that cannot look back is linear.
"""

from __future__ import annotations

import re
from html import unescape

from pipeline.collect._text import MAX_TEXT

# Markup around a post is at most a few times its text; what is longer is an attack.
MAX_HTML = 4 * MAX_TEXT

# A tag holds no "<", so each "<" is looked at once. Servers escape both signs inside attributes.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})([^<>]*)>|<!--[^<>]*-->")

_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "br", "li"}
_UNSEEN = {"script", "style", "template", "title"}
_QUOTED = re.compile(r"\bquote-inline\b")  # Mastodon's "RE: link" for clients without quotes; 4.5, seen 2026-11


def plain(html: str) -> str:
    """The text of a fragment of HTML, a line for each paragraph; linear, never raises, at most MAX_HTML read."""
    html, said, at, unseen = html[:MAX_HTML], [], 0, ""
    for tag in _TAG.finditer(html):
        if not unseen:
            said.append(html[at : tag.start()])
        at = tag.end()
        name = (tag[2] or "").lower()
        if unseen:
            unseen = "" if tag[1] and name == unseen else unseen
        elif not tag[1] and (name in _UNSEEN or (name == "p" and _QUOTED.search(tag[3]))):
            unseen = name
        elif name in _BLOCKS:
            said.append("\n")
    if not unseen:
        said.append(html[at:])
    lines = [" ".join(line.split()) for line in unescape("".join(said)).split("\n")]
    return "\n".join(line for line in lines if line)
