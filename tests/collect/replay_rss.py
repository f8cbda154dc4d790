"""One feed, hand-made: trackers, a section that repeats an article, dates of every making, entries that are none."""

import contextlib
from datetime import date

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 1, 12))
UNREAD = {
    "duplicate": 2,
    "no_date": 1,
    "bad_date": 1,
    "no_text": 1,
    "bad_address": 1,
    "date_in_future": 1,
    "hint:no_zone": 1,
}

ENTRIES = [
    (
        "Dijon : le tram &lt;b&gt;revient&lt;/b&gt;",
        "https://presse.example/tram?utm_source=rss",
        "12 Jan 2026 08:00 GMT",
    ),
    ("Dijon : le tram revient", "https://presse.example/tram#xtor=RSS-1", "Mon, 12 Jan 2026 08:00:00 GMT"),
    ("Dijon : le tram revient", "https://www.presse.example/une/tram", "Mon, 12 Jan 2026 08:00:00 GMT"),
    ("Dijon &amp;amp; Troyes", "https://presse.example/troyes", "lun., 12 janv. 2026 10:00:00 +0100"),
    ("Une halle à Dijon", "//presse.example/halle", "2026-01-12T11:00:00"),
    ("Un marché à Dijon", "https://presse.example/marche", "Mon, 12 Jan 2026 00:30:00 CET"),
    ("La veille à Dijon", "https://presse.example/veille", "Sun, 11 Jan 2026 12:00:00 +0100"),
    ("Sans date", "https://presse.example/sans-date", ""),
    ("Date folle", "https://presse.example/folle", "un jour"),
    ("", "https://presse.example/vide", "Mon, 12 Jan 2026 08:00:00 GMT"),
    ("Piège", "javascript:alert(1)", "Mon, 12 Jan 2026 08:00:00 GMT"),
    ("Demain", "https://presse.example/demain", "Fri, 12 Jan 2035 08:00:00 GMT"),
]


def feed(entries=ENTRIES):
    told = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>Un texte qui reste au journal.</description>"
        f"{f'<pubDate>{written}</pubDate>' if written else ''}</item>"
        for title, link, written in entries
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Presse</title>'
    return f"{head}{told}</channel></rss>".encode()


@contextlib.contextmanager
def serve(tmp_path):
    with serving(lambda asked: Reply(feed(), headers={"content-type": "application/rss+xml"})) as server:
        yield server.base


def settings(tmp_path):
    return {}
