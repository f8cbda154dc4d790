"""X's recent search in two pages, hand-made in the shape of its recorded answers: an edit, a double, one withheld."""

import contextlib
import json
from datetime import date

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 5, 30))  # recent search reaches 7 days back
UNREAD = {
    "duplicate": 1,
    "outside_window": 1,
    "withheld": 1,
    "superseded_edit": 1,
    "not_a_post": 1,
    "bad_date": 1,
    "no_text": 1,
    "hint:bad_count": 1,
    "hint:partial_errors": 1,
}
USERS = [
    {"id": "7", "username": "ici", "location": "Dijon", "public_metrics": {"followers_count": 55}},
    {"id": "8", "username": "la", "public_metrics": {"followers_count": 3}},
]


def post(number, hour=10, day=30, **other):
    metrics = {"like_count": 3, "retweet_count": 1, "reply_count": 0, "quote_count": 0, "impression_count": 120}
    return {
        "id": str(2060000000000000000 + number),
        "text": f"Dijon #JustDijon {number}",
        "author_id": "7",
        "created_at": f"2026-05-{day:02}T{hour:02}:00:00.000Z",
        "lang": "fr",
        "public_metrics": metrics | other.pop("metrics", {}),
        "edit_history_tweet_ids": [str(2060000000000000000 + number)],
    } | other


def page(*posts, token=None, **other):
    meta = {"result_count": len(posts)} | ({"next_token": token} if token else {})
    return {"data": list(posts), "includes": {"users": USERS}, "meta": meta} | other


NEWEST = page(
    post(9, hour=20),
    post(8, hour=19, referenced_tweets=[{"type": "quoted", "id": "2050000000000000001"}], author_id="8"),
    post(7, hour=18, withheld={"country_codes": ["FR"]}),
    post(6, edit_history_tweet_ids=["2060000000000000006", "2060000000000000099"]),
    "garbage",
    post(5, created_at="hier"),
    post(4, text=" "),
    token="older",
)
OLDER = page(
    post(9, hour=20),
    post(2, hour=2, metrics={"like_count": -4, "impression_count": None}, author_id="404"),
    post(1, day=28),
    errors=[{"value": "404", "type": "https://api.twitter.com/2/problems/resource-not-found"}],
)


def answer(asked):
    assert asked.headers["authorization"] == "Bearer SECRET"
    return Reply(json.dumps(OLDER if asked.query.get("next_token") else NEWEST).encode())


@contextlib.contextmanager
def serve(tmp_path):
    with serving(answer) as server:
        yield server.base


def settings(tmp_path):
    return {
        "RAYONNER_X_BEARER": "SECRET",
        "RAYONNER_X_PLAN": "pay-per-use",
        "RAYONNER_X_TERMS": "no-public-readers",
        "RAYONNER_X_LAW": "RGPD art. 6-1 f",
    }
