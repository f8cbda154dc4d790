"""YouTube's search, videos and comments, hand-made in the shape of its recorded answers: doubles, odd ones."""

import contextlib
import json
from datetime import date

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 5, 30))
UNREAD = {
    "duplicate": 1,
    "outside_window": 1,
    "not_a_post": 2,
    "bad_date": 1,
    "no_text": 2,
    "hint:bad_count": 1,
    "hint:edited": 1,
    "hint:comments_disabled": 1,
}


def found(*numbers, token=None):
    items = [{"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": name(n)}} for n in numbers]
    return {"items": [*items, {"id": {"kind": "youtube#channel"}}]} | ({"nextPageToken": token} if token else {})


def name(number):
    return f"video{number:06}"


def video(number, hour=10, day=30, **other):
    snippet = {
        "publishedAt": f"2026-05-{day:02}T{hour:02}:00:00Z",
        "channelId": "UCville",
        "channelTitle": "La ville",
        "title": f"Dijon en {number} minutes",
        "description": "Une visite.\n#JustDijon",
    } | other.pop("snippet", {})
    statistics = {"viewCount": "120", "likeCount": "7", "commentCount": "2"} | other.pop("statistics", {})
    return {"kind": "youtube#video", "id": name(number), "snippet": snippet, "statistics": statistics} | other


def comment(key, hour=12, day=30, **snippet):
    told = {
        "textOriginal": f"Vive Dijon {key}",
        "authorChannelId": {"value": f"UC{key}"},
        "authorDisplayName": "Quelqu'un",
        "likeCount": 1,
        "publishedAt": f"2026-05-{day:02}T{hour:02}:00:00Z",
        "updatedAt": f"2026-05-{day:02}T{hour:02}:00:00Z",
    }
    return {"kind": "youtube#comment", "id": f"Ug{key}AaABAg", "snippet": told | snippet}


def thread(top, number, *replies, total=0):
    told = {"snippet": {"videoId": name(number), "topLevelComment": top, "totalReplyCount": total}}
    return told | ({"replies": {"comments": list(replies)}} if replies else {})


VIDEOS = {
    one["id"]: one
    for one in (
        video(1, hour=20),
        video(2, hour=9, statistics={"likeCount": "-3", "commentCount": None}),
        video(3, hour=8),
        video(4, day=28),
        video(5, snippet={"publishedAt": "hier"}),
        video(6, snippet={"title": " ", "description": ""}),
    )
}
THREADS = {
    name(1): [
        thread(comment("b", hour=21), 1),
        thread(
            comment("a", hour=20, updatedAt="2026-05-30T21:00:00Z"), 1, comment("r", hour=21, parentId="Ugx"), total=9
        ),
        thread("garbage", 1),
        thread(comment("old", day=29, hour=1), 1),
    ],
    name(2): [thread(comment("empty", textOriginal=" "), 2)],
}


def refused(status, reason):
    told = {"error": {"code": status, "message": reason, "errors": [{"domain": "youtube", "reason": reason}]}}
    return Reply(json.dumps(told).encode(), status)


def answer(asked):
    assert asked.headers["x-goog-api-key"] == "SECRET"
    assert "key" not in asked.query
    if asked.path == "/youtube/v3/search":
        page = found(3, 1, 4, 5, 6) if asked.query.get("pageToken") else found(1, 2, token="more")
    elif asked.path == "/youtube/v3/videos":
        page = {"items": [VIDEOS.get(one) for one in asked.query["id"].split(",") if one in VIDEOS]}
        page["items"] += ["garbage"] if name(3) in asked.query["id"] else []
    elif asked.path == "/youtube/v3/channels":
        page = {"items": [{"id": "UCville", "snippet": {"title": "La ville", "customUrl": "@laville"}}]}
    elif asked.query["videoId"] == name(3):
        return refused(403, "commentsDisabled")
    elif asked.query["videoId"] not in THREADS:
        return refused(404, "videoNotFound")
    else:
        page = {"items": THREADS[asked.query["videoId"]]}
    return Reply(json.dumps(page).encode())


@contextlib.contextmanager
def serve(tmp_path):
    with serving(answer) as server:
        yield server.base


def settings(tmp_path):
    return {"RAYONNER_YOUTUBE_KEY": "SECRET"}
