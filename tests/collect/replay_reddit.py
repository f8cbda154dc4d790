"""Reddit of two pages, a private subreddit and two threads, hand-made in the shape of its listings."""

import contextlib
import json
from datetime import UTC, date, datetime

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 1, 12))
UNREAD = {
    "duplicate": 1,
    "removed": 3,
    "bad_date": 1,
    "bad_id": 1,
    "subreddit_closed": 1,
    "subreddit_unknown": 1,
    "hint:edited": 1,
    "hint:talk_cut": 1,
}


def at(day, hour):
    return datetime(2026, 1, day, hour, tzinfo=UTC).timestamp()


def submission(own, day=12, hour=10, **other):
    return {
        "kind": "t3",
        "data": {
            "id": own,
            "name": f"t3_{own}",
            "author": f"ici_{own}",
            "author_fullname": f"t2_{own}",
            "title": f"Une soirée à Dijon {own}",
            "selftext": "",
            "created_utc": at(day, hour),
            "permalink": f"/r/dijon/comments/{own}/une_soiree/",
            "subreddit": "dijon",
            "score": 5,
            "num_comments": 0,
            "edited": False,
        }
        | other,
    }


def comment(own, below, day=12, hour=12, **other):
    return {
        "kind": "t1",
        "data": {
            "id": own,
            "name": f"t1_{own}",
            "author": f"la_{own}",
            "author_fullname": f"t2_{own}",
            "body": "Just Dijon, vraiment ?\n> Une soirée à Dijon\nvoir [la page](https://example.org/x)",
            "created_utc": at(day, hour),
            "link_id": "t3_aa",
            "parent_id": below,
            "permalink": f"/r/dijon/comments/aa/une_soiree/{own}/",
            "subreddit": "dijon",
            "score": -4,
            "replies": "",
            "edited": False,
        }
        | other,
    }


def listing(*children, after=None):
    return {"kind": "Listing", "data": {"children": list(children), "after": after, "before": None}}


def more(*children):
    told = {"count": len(children), "id": "m1", "name": "t1_m1", "parent_id": "t3_aa", "depth": 0}
    return {"kind": "more", "data": told | {"children": list(children)}}


NEWEST = listing(
    submission("zz", day=13, hour=9),
    submission("aa", hour=20, num_comments=3, selftext="Le lac Kir.", edited=at(12, 21)),
    submission("ab", hour=19, author="[deleted]", selftext="[deleted]"),
    submission("ac", hour=18, removed_by_category="moderator"),
    submission("ad", created_utc="hier"),
    submission("a/e", hour=17),
    {"kind": "t5", "data": {"id": "2qhjz"}},
    after="t3_ad",
)
OLDER = listing(
    submission("af", hour=8, crosspost_parent="t3_zy"),
    submission("ba", day=10, num_comments=1),
    submission("bb", day=2),
)
THREADS = {
    "aa": [
        listing(submission("aa", hour=20, num_comments=3)),
        listing(
            comment("ca", "t3_aa", hour=21, replies=listing(comment("cb", "t1_ca", hour=22))),
            comment("cc", "t3_aa", day=13),
            comment("cd", "t3_aa", author="[deleted]", body="[removed]"),
            *(more(f"d{n}") for n in range(9)),
        ),
    ],
    "ba": [listing(submission("ba", day=10, num_comments=1)), listing(comment("ce", "t3_ba", link_id="t3_ba"))],
}
OPEN = [("Dijon", "public"), ("prive", "private"), ("france", "public")]
KNOWN = {one["data"]["name"]: one for one in (*NEWEST["data"]["children"][1:4], comment("ca", "t3_aa", score=7))}


def answer(asked):
    path = asked.path.strip("/")
    if path == "api/v1/access_token":
        told = {"access_token": "jeton", "token_type": "bearer", "expires_in": 86400, "scope": "*"}
    elif path == "r/prive/search":
        return Reply(b'{"reason": "private", "message": "Forbidden", "error": 403}', 403)
    elif path == "r/inconnu/search":
        return Reply(b"", 302, {"location": "/subreddits/search?q=inconnu"})
    elif path == "r/dijon/search":
        told = listing(submission("aa", hour=20, num_comments=3))
    elif path.endswith("search"):
        told = OLDER if "after" in asked.query else NEWEST
    elif path == "api/morechildren":
        told = {"json": {"errors": [], "data": {"things": []}}}
    elif path == "api/info" and "sr_name" in asked.query:
        told = listing(*({"kind": "t5", "data": {"display_name": name, "subreddit_type": kind}} for name, kind in OPEN))
    elif path == "api/info":
        told = listing(*(KNOWN[name] for name in asked.query["id"].split(",") if name in KNOWN))
    else:
        told = THREADS[path.removeprefix("comments/")]
    return Reply(json.dumps(told).encode())


@contextlib.contextmanager
def serve(tmp_path):
    with serving(answer) as server:
        yield server.base


def settings(tmp_path):
    return {
        "RAYONNER_REDDIT_CLIENT_ID": "a-key",
        "RAYONNER_REDDIT_CLIENT_SECRET": "a-secret",
        "RAYONNER_CONTACT": "veille@example.org",
        "RAYONNER_REDDIT_SUBREDDITS": "r/dijon, prive,inconnu",
    }
