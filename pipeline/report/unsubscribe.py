"""The unsubscribe endpoint: one POST takes a person off, as RFC 8058 wants; a GET only shows the button."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from pipeline import store
from pipeline.errors import ConfigError
from pipeline.report import token

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

# Longer than any token; the rest of a long address is nobody's wish.
LONGEST = 200
PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>Se désabonner</title>
<meta name="color-scheme" content="light dark">
<body style="font:18px/1.5 Arial,sans-serif;max-width:32em;margin:3em auto;padding:0 1em">
<main>{body}</main></body></html>"""
ASK = """<h1>Se désabonner</h1><p>Vous ne recevrez plus la veille de <b>{brand}</b>. <span lang="en">You will
receive no more digests of this brand.</span></p><form method="post"><button style="font:inherit;padding:.6em 1.2em">
Me désabonner · <span lang="en">Unsubscribe</span></button></form>"""
DONE = "<h1>C’est fait</h1><p>Vous ne recevrez plus ces messages. <span lang='en'>You are unsubscribed.</span></p>"
WRONG = "<h1>Lien incomplet</h1><p>Copiez l’adresse entière. <span lang='en'>This link is incomplete.</span></p>"


def grant(engine: store.Engine, wish: token.Wish, *, now: datetime) -> bool:
    """Send no more, as is wished; False when it was done before."""
    new = store.suppress(engine, wish.recipient_key, wish.brand, now=now)
    log.info("unsubscribed from %s%s", wish.brand, "" if new else " (again)")
    return new


def undo(engine: store.Engine, wish: token.Wish, *, now: datetime) -> bool:
    """Take a wish back, as whoever had it asks; False when there was none. The store keeps both dates."""
    new = store.undo_suppress(engine, wish.recipient_key, wish.brand, now=now)
    log.info("subscribed to %s again%s", wish.brand, "" if new else " (never left)")
    return new


def application(engine: store.Engine, key: bytes, now: Callable[[], datetime]) -> WSGIApplication:
    """A WSGI application that takes `/…/TOKEN`; the same answer the second time. Put it behind your https server."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        text = str(environ.get("PATH_INFO", "")).rsplit("/", 1)[-1][:LONGEST]
        method = environ.get("REQUEST_METHOD")
        status, body = "200 OK", DONE
        try:
            if method == "POST":
                grant(engine, token.read(key, text), now=now())
            elif method in {"GET", "HEAD"}:
                # A GET changes nothing: mail filters open every link they see.
                body = ASK.format(brand=escape(token.read(key, text).brand))
            else:
                status, body = "405 Method Not Allowed", WRONG
        except ConfigError:
            status, body = "404 Not Found", WRONG
        page = PAGE.format(body=body).encode()
        start_response(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
        return [b"" if method == "HEAD" else page]

    return answer
