"""A Jetstream server and an AppView on one port, hand-made: edits, deletions, repeats, and dates that lie."""

import base64
import contextlib
import hashlib
import json
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

from pipeline.model import Window
from tests.collect.loopback import Reply, serving

WINDOW = Window.night(date(2026, 1, 12))
UNREAD = {
    "duplicate": 1,
    "deleted": 3,
    "account_hidden": 1,
    "outside_window": 2,
    "not_public": 2,
    "not_json": 1,
    "not_an_event": 1,
    "no_text": 1,
    "hint:edited": 2,
    "hint:date_disagrees": 3,
    "hint:account_reread": 1,
}
POSTS = "app.bsky.feed.post"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


def at(hour, minute=0, second=0):
    return WINDOW.start + timedelta(hours=hour, minutes=minute, seconds=second)


def iso(moment):
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def new(kind, seen, did="did:plc:ville", **told):
    """A message of the new path."""
    payload = {"$type": f"network.bsky.jetstream.subscribeEvents#{kind}", "seq": 1, "did": did}
    payload |= {"time": iso(seen), "witnessedAt": iso(seen)} | told
    return packed({"$type": "message", "payload": payload})


def old(kind, seen, did="did:plc:ville", **told):
    """The same message of the old path."""
    micros = (seen - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    inner = told.get(kind) or told
    return packed({"did": did, "time_us": micros, "cursor": 1, "kind": kind, kind: inner})


def packed(told):
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def commit(wire, seen, rkey, operation="create", text="Dijon", did="did:plc:ville", created=None, **other):
    """A post made, edited or deleted, on either wire."""
    told = {"rev": "3l", "operation": operation, "collection": POSTS, "rkey": rkey}
    if operation != "delete":
        record = {"$type": POSTS, "text": text, "createdAt": created or iso(seen), "langs": ["fr"]}
        told |= {"record": record | other, "cid": "bafy"}
    return wire("commit", seen, did, **told)


def account(wire, seen, did, status=None):
    told = {"did": did, "active": status is None, "seq": 9, "time": iso(seen)} | ({"status": status} if status else {})
    return wire("account", seen, did, account=told)


def night(wire):
    """The night in the order in which a server tells it; its end is passed by a last event of the day after."""
    facet = {
        "index": {"byteStart": 3, "byteEnd": 9},
        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "JustDijon"}],
    }
    parent = {"uri": f"at://did:plc:ville/{POSTS}/plain"}
    quoted = {"$type": "app.bsky.embed.record", "record": {"uri": parent["uri"], "cid": "bafy"}}
    framed_quote = {"$type": "app.bsky.embed.recordWithMedia", "record": quoted}
    starter = {"$type": "app.bsky.embed.record", "record": {"uri": "at://did:plc:ville/app.bsky.graph.starterpack/1"}}
    return [
        account(wire, at(0, 1), "did:plc:ville"),
        commit(wire, at(1), "plain", text="À Dijon, ça va 🥐 « très » bien"),
        commit(wire, at(2), "tagged", text="🚲 #JustDijon", facets=[facet], tags=["Bourgogne"]),
        commit(wire, at(3), "reply", text="Oui, Dijon !", reply={"root": parent, "parent": parent}),
        commit(
            wire,
            at(4),
            "quote",
            text='Vu à "Dijon"\\\n',
            embed=framed_quote,
        ),
        commit(wire, at(5), "starter", text="Dijon, par où commencer", embed=starter),
        commit(wire, at(6), "edited", text="Dijon, premier jet"),
        commit(wire, at(6, 1), "edited", "update", text="Dijon, version corrigée"),
        commit(wire, at(7), "gone", text="Dijon, à effacer"),
        commit(wire, at(7, 1), "gone", "delete"),
        commit(wire, at(8), "changed", text="Dijon d'abord"),
        commit(wire, at(8, 1), "changed", "update", text="Finalement non"),
        commit(wire, at(9), "elsewhere", text="Rien à voir"),
        commit(wire, at(10), "year-one", text="Dijon en l'an 1", created="0001-01-01T00:00:00Z"),
        commit(wire, at(10, 1), "future", text="Dijon en 2099", created="2099-01-01T00:00:00Z"),
        commit(wire, at(10, 2), "before", text="Dijon hier soir", created=iso(at(-1))),
        commit(wire, at(0, 30), "eve", text="Dijon, la veille", created=iso(at(-1))),
        commit(wire, at(11), "leaver1", did="did:plc:leaver"),
        commit(wire, at(11, 1), "leaver2", did="did:plc:leaver"),
        account(wire, at(12), "did:plc:leaver", "deleted"),
        commit(wire, at(13), "hidden", did="did:plc:hidden"),
        account(wire, at(13, 1), "did:plc:hidden", "deactivated"),
        commit(wire, at(14), "shy", did="did:plc:shy"),
        commit(wire, at(14, 1), "shy-post", labels={"values": [{"val": "!no-unauthenticated"}]}),
        wire("sync", at(15), "did:plc:ville", sync={"rev": "3l"}),
        b"{garbage",
        packed({"did": 7}),
        commit(wire, at(16), "wordless", text=" \n"),
        commit(wire, at(1), "plain", text="À Dijon, ça va 🥐 « très » bien"),
        commit(wire, at(24, 20), "late", text="Dijon, hors ligne", created=iso(at(23, 50))),
        commit(wire, at(24, 30), "next", text="Dijon, le lendemain"),
        account(wire, at(25, 1), "did:plc:ville"),
    ]


@dataclass(frozen=True)
class Stream(Reply):
    """The answer to a websocket's greeting, and the messages that follow; `closing` ends it as a server should."""

    key: str = ""
    frames: tuple[bytes, ...] = ()
    closing: bool = True
    protocol: str = ""

    def sent(self):
        accept = base64.b64encode(hashlib.sha1((self.key + _GUID).encode()).digest()).decode()
        head = (
            f"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
        )
        head += f"Sec-WebSocket-Protocol: {self.protocol}\r\n" if self.protocol else ""
        end = framed(struct.pack("!H", 1000), 0x8) if self.closing else b""
        return head.encode() + b"\r\n" + b"".join(map(framed, self.frames)) + end


def framed(body, kind=0x1):
    """A websocket frame as a server sends it, unmasked."""
    size = len(body)
    if size < 126:
        length = bytes([size])
    elif size < 65536:
        length = b"\x7e" + struct.pack("!H", size)
    else:
        length = b"\x7f" + struct.pack("!Q", size)
    return bytes([0x80 | kind]) + length + body


def streaming(asked, frames, **other):
    protocol = asked.headers.get("sec-websocket-protocol", "")
    return Stream(key=asked.headers.get("sec-websocket-key", ""), frames=tuple(frames), protocol=protocol, **other)


def view(uri):
    return {"uri": uri, "likeCount": 3, "repostCount": 1, "replyCount": 0, "quoteCount": 2}


def profile(did):
    labels = [{"val": "!no-unauthenticated", "src": did}] if did == "did:plc:shy" else []
    return {"did": did, "handle": f"{did[8:]}.bsky.social", "followersCount": 1200, "labels": labels}


def answer(asked, tell=night):
    if asked.path.endswith("subscribeEvents"):
        return streaming(asked, tell(new))
    if asked.path == "/subscribe":
        return streaming(asked, [f for f in tell(old) if b'"kind":"sync"' not in f])
    ids = [value for _, value in parse_qsl(asked.target.partition("?")[2])]
    if asked.path.endswith("getPosts"):
        return Reply(packed({"posts": [view(uri) for uri in ids]}))
    if asked.path.endswith("getProfiles"):
        return Reply(packed({"profiles": [profile(did) for did in ids]}))
    return Reply(b'{"error":"MethodNotImplemented"}', 404)


@contextlib.contextmanager
def serve(tmp_path):
    with serving(answer) as server:
        yield server.base


def settings(tmp_path):
    return {}
