"""Addresses found in posts, made fit to be links."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_HOST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")


def safe_url(url: str) -> str | None:
    """A web address fit for a link: http or https, ASCII, nothing a client could read as markup; else None."""
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
    except (ValueError, UnicodeError):
        return None
    if not set(host) <= _HOST:
        return None
    path, query, anchor = (
        quote(part.encode("utf-8", "replace"), safe="/%:=&?~+!$,;@()*")
        for part in (parts.path, parts.query, parts.fragment)
    )
    return f"{parts.scheme}://{host}{path}{'?' if query else ''}{query}{'#' if anchor else ''}{anchor}"
