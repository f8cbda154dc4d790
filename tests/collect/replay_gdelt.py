"""GDELT's article list, hand-made in the shape of its documentation: doubles, wrong dates, an address that is none."""

import contextlib
import json
from datetime import date

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 1, 12))
UNREAD = {"duplicate": 1, "bad_date": 1, "bad_address": 1, "no_text": 1}


def article(number, seendate="20260112T101500Z", **other):
    return {
        "url": f"https://www.presse.example/{number}",
        "url_mobile": "",
        "title": f"Dijon , la {number}e édition",
        "seendate": seendate,
        "domain": "presse.example",
        "language": "French",
        "sourcecountry": "France",
    } | other


ARTICLES = [
    article(1),
    article(1, url="http://www.presse.example/1?utm_source=x"),
    article(2, seendate="20260112T224500Z"),
    article(3, seendate="20260113T120000Z"),
    article(4, seendate="hier"),
    article(5, url="ftp://presse.example/5"),
    article(6, title=None),
]


@contextlib.contextmanager
def serve(tmp_path):
    with serving(lambda asked: Reply(json.dumps({"articles": ARTICLES}).encode())) as server:
        yield server.base


def settings(tmp_path):
    return {}
