"""Finds whom a text addresses, by the handles in it; only keyed hashes of them are kept."""

from __future__ import annotations

import re

from pipeline.model import Post

# "@name" and "@name@server", not the middle of an address of mail. Dots belong to handles of domains.
_HANDLE = re.compile(r"(?<![\w@./-])@(\w[\w.-]*(?:@\w[\w.-]*)?)")
_REDDITOR = re.compile(r"(?<![\w/])/?u/(\w[\w-]*)")
# Platforms let a post address some ten accounts to be heard; one that names hundreds speaks to nobody.
_MOST = 50


def addressed(post: Post) -> set[str]:
    """The handles that a post's own words address, lower case and without @; linear in the text.

    The author's own is none, and a repost has none: its words are another's. At most the first 50.
    """
    if post.kind == "repost":
        return set()
    pattern = _REDDITOR if post.source == "reddit" else _HANDLE
    own = (post.author_handle or "").removeprefix("@").casefold()
    found = (match[1].rstrip(".-").casefold() for match in pattern.finditer(post.text))
    return set(list(dict.fromkeys(handle for handle in found if handle != own))[:_MOST])
