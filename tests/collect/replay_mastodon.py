"""A Mastodon server of two pages and two tags, hand-made: a post on both, an edit, a boost, people who opted out."""

import contextlib
import json
from datetime import date

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 1, 12))
UNREAD = {
    "duplicate": 1,
    "noindex": 1,
    "not_indexable": 1,
    "not_public": 1,
    "not_a_post": 1,
    "bad_date": 1,
    "no_text": 1,
    "hint:edited": 1,
    "hint:bad_count": 1,
}


def status(number, hour=10, day=12, **other):
    account = {"acct": "ici@ici.example", "followers_count": 12, "noindex": False, "indexable": True} | other.pop(
        "account", {}
    )
    return {
        "id": str(number),
        "uri": f"https://ici.example/statuses/{number}",
        "url": f"https://ici.example/@ici/{number}",
        "created_at": f"2026-01-{day:02}T{hour:02}:00:00.000Z",
        "content": f"<p>Dijon <a href='#'>#<span>JustDijon</span></a> {number}</p>",
        "spoiler_text": "",
        "visibility": "public",
        "account": account,
        "reblog": None,
        "tags": [{"name": "JustDijon"}],
        "favourites_count": 3,
        "reblogs_count": 0,
        "replies_count": 1,
    } | other


NEWEST = [
    status(30, day=13, hour=12),
    status(20, hour=20, edited_at="2026-01-12T21:00:00Z"),
    status(19, hour=19, account={"noindex": True}),
    status(18, hour=18, account={"indexable": False}),
    status(17, hour=17, visibility="unlisted"),
    "garbage",
    status(16, created_at="yesterday"),
    status(15, hour=15, content="<p></p>"),
]
OLDER = [
    status(12, hour=12, favourites_count=-4),
    status(11, hour=11, content="", reblog=status(3, day=2)),
    status(2, day=2),
]
OTHER_TAG = [status(20, hour=20)]


def answer(asked):
    if asked.path == "/api/v2/instance":
        return Reply(json.dumps({"version": "4.5.2"}).encode())
    if asked.path.endswith("/justdijon"):
        page = OLDER if "max_id" in asked.query else NEWEST
        link = {} if "max_id" in asked.query else {"Link": '<http://elsewhere.example/?max_id=15>; rel="next"'}
        return Reply(json.dumps(page).encode(), headers=link or {"Link": '<http://x.example/?min_id=1>; rel="prev"'})
    return Reply(json.dumps(OTHER_TAG if asked.path.endswith("/dijon") else []).encode())


@contextlib.contextmanager
def serve(tmp_path):
    with serving(answer) as server:
        yield server.base


def settings(tmp_path):
    return {}
