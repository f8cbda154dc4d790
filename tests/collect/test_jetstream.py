"""A stream that breaks, lags, lies or falls silent: taken up where it was, never believed, never waited for in vain."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Ask, _jetstream, bluesky
from pipeline.collect._jetstream_dial import Line
from pipeline.collect._jetstream_frames import Event, Notice, read, wanted
from pipeline.errors import CredentialError, MalformedError, RateLimitedError, SchemaError, UnavailableError
from tests.collect import replay_bluesky as replay
from tests.collect.loopback import Time
from tests.integration.bluesky_jetstream import Fault, Jetstream, serving

WINDOW = replay.WINDOW
NOW = WINDOW.end + timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def jetstream():
    """A day of a network in which somebody posts every half hour."""
    told = Jetstream()
    posts = [post(f"p{n:03}", WINDOW.start + n * timedelta(minutes=30)) for n in range(48)]
    told.witness(posts, when)
    told.tick(WINDOW.start - timedelta(hours=2), WINDOW.end + timedelta(hours=2), 5 * MINUTE)
    with serving(told):
        yield told


def post(rkey, at, kind="create"):
    made = {"$type": replay.POSTS, "text": f"Dijon {rkey}", "createdAt": replay.iso(at), "langs": ["fr"]}
    return {
        "kind": kind,
        "did": "did:plc:ville",
        "collection": replay.POSTS,
        "rkey": rkey,
        "record": made,
        "time": at.isoformat(),
    }


def when(fired):
    return datetime.fromisoformat(fired["time"])


def listen(*servers, timeout_s=5.0, **settings):
    """The posts by key, or the error, with the ask and the time that was slept."""
    time = Time()
    ask = Ask(now=NOW, timeout_s=timeout_s, pace=time.pace, plausible=lambda text: "Dijon" in text)
    told = ",".join(server.base for server in servers)
    # Counts are not asked of these servers: nobody listens there.
    ask.settings = {"RAYONNER_BLUESKY_JETSTREAM": told, "RAYONNER_BLUESKY_APPVIEW": "http://127.0.0.1:9", **settings}
    found, error = [], None
    try:
        found.extend(one.post_id.rpartition("/")[2] for one in bluesky.posts(WINDOW, [], ask))
    except (UnavailableError, RateLimitedError, SchemaError, CredentialError) as failure:
        error = failure
    return found, error, ask, time


WHOLE = [f"p{n:03}" for n in range(48)]
WAYS = {"new": {}, "old": {"RAYONNER_BLUESKY_PATH": "old"}, "plain": {"RAYONNER_BLUESKY_COMPRESS": "no"}}


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


def test_a_night_is_whole_on_every_wire(jetstream, way):
    found, error, ask, _ = listen(jetstream, **way)
    assert (found, error, ask.truncated) == (WHOLE, None, False)


def test_messages_come_packed_where_the_server_packs(jetstream):
    listen(jetstream)
    assert "zstdDictionary" in jetstream.asked[1]
    jetstream.packs = False
    found, _, ask, _ = listen(jetstream)
    assert (found, ask.truncated) == (WHOLE, False)
    assert "zstdDictionary" not in jetstream.asked[-1]


def test_a_dictionary_that_was_retired_is_done_without(jetstream):
    jetstream.dictionary()
    answer, gone = jetstream.answer, []

    def retire(connection, request):
        if "zstdDictionary" in request.path and not gone:
            gone.append(True)
            request.path = request.path.replace("zstdDictionary=", "zstdDictionary=9")
        return answer(connection, request)

    jetstream.answer = retire
    with serving(jetstream):
        found, error, _, _ = listen(jetstream)
    assert gone
    assert (found, error) == (WHOLE, None)


@pytest.mark.parametrize("fault", ["cut", "slow", "silent"])
def test_a_break_in_the_middle_is_taken_up_where_it_was(jetstream, way, fault):
    jetstream.faults = [Fault(fault, 40), Fault(fault, 60), Fault(fault, 1)]
    found, error, ask, _ = listen(jetstream, timeout_s=0.3 if fault == "silent" else 5.0, **way)
    assert (found, error, ask.truncated) == (WHOLE, None, False)
    streams = [path for path in jetstream.asked if "cursor=" in path]
    assert len(streams) >= 4
    cursors = [int(path.partition("cursor=")[2].partition("&")[0]) for path in streams]
    assert cursors == sorted(cursors)
    assert cursors[0] < cursors[-1]


def test_what_is_told_twice_is_one_post(jetstream):
    jetstream.witness([post("p003", WINDOW.start + timedelta(minutes=90))] * 2, lambda one: when(one) + MINUTE)
    found, _, ask, _ = listen(jetstream)
    assert found == WHOLE
    assert ask.reasons["duplicate"] == 2


@pytest.mark.parametrize("fault", ["cut", "slow", "silent"])
def test_a_stream_that_never_leads_on_ends_in_an_error(jetstream, way, fault):
    jetstream.faults = [Fault(fault, 0)] * 50
    found, error, ask, time = listen(jetstream, timeout_s=0.2, **way)
    assert found == []
    assert isinstance(error, UnavailableError)
    assert ask.asked <= 8
    assert time.slept


@pytest.fixture
def taken(monkeypatch):
    """Every handful of messages that was read off a line."""
    handfuls, take = [], Line.take
    monkeypatch.setattr(Line, "take", lambda line, most: handfuls.append(take(line, most)) or handfuls[-1])
    return handfuls


def test_a_stream_that_only_idles_ends_with_the_time_of_the_night(jetstream, taken):
    jetstream.faults = [Fault("idle", 0)] * 50
    time = Time()
    # Each look at the clock is 200 s later: the hour of the night ends between two handfuls of messages, long before
    # 20,000 of them are read in 40 handfuls or more.
    ticking = replace(time.pace, clock=lambda: setattr(time, "now", time.now + 200) or time.now)
    told = {"RAYONNER_BLUESKY_JETSTREAM": jetstream.base, "RAYONNER_BLUESKY_COMPRESS": "no"}
    ask = Ask(now=NOW, timeout_s=5.0, pace=ticking, settings=told)
    with pytest.raises(UnavailableError):
        list(bluesky.posts(WINDOW, [], ask))
    assert 0 < len(taken) <= 18


def test_a_stream_of_heavy_nothings_is_left_before_it_fills_the_memory(jetstream, taken, monkeypatch):
    monkeypatch.setattr(_jetstream, "_MOST_STILL_BYTES", 3 << 20)
    heavy = b'{"kind":"' + b"a" * (1 << 20) + b'"}'
    jetstream.faults = [Fault("idle", 0, idles=heavy)] * 50
    found, error, _, _ = listen(jetstream, RAYONNER_BLUESKY_COMPRESS="no")
    assert found == []
    assert isinstance(error, UnavailableError) and "does not lead on" in str(error)
    most = (8 << 20) + len(heavy)  # one handful, and the message that filled it
    assert taken and max(sum(map(len, frames)) for frames in taken) <= most


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, RateLimitedError), (503, UnavailableError), (403, CredentialError), (200, UnavailableError)],
)
def test_a_refused_greeting_is_what_its_status_says(jetstream, status, kind):
    jetstream.faults = [Fault(refused=status)] * 50
    found, error, _, _ = listen(jetstream)
    assert found == []
    assert isinstance(error, kind)
    jetstream.faults = [Fault(refused=503)]
    assert listen(jetstream)[0] == WHOLE


def test_a_server_that_speaks_neither_way_is_said(jetstream):
    jetstream.answer = lambda connection, request: connection.respond(404, "no")
    with serving(jetstream):
        found, error, _, _ = listen(jetstream)
    assert found == []
    assert isinstance(error, SchemaError)


def test_where_one_server_fails_the_next_is_asked(jetstream):
    other = Jetstream(faults=[Fault("cut", 100), *[Fault("cut", 0)] * 50])
    other.told = list(jetstream.told)
    with serving(other):
        found, error, ask, _ = listen(other, jetstream)
    assert (found, error, ask.truncated) == (WHOLE, None, False)
    assert ask.reasons["hint:server_changed"] == 1
    assert "cursor" in jetstream.asked[-1]


# What a server no longer has


def test_a_cursor_too_old_makes_the_night_partial(jetstream, way):
    jetstream.floor = WINDOW.start + timedelta(hours=12)
    found, error, ask, _ = listen(jetstream, **way)
    assert (found, error) == (WHOLE[24:], None)
    assert ask.truncated
    assert ask.reasons["hint:stream_gap"] == 1
    assert ask.reasons["hint:look_back"] == (0 if way == WAYS["old"] else 1)


def test_a_server_that_has_nothing_of_the_night_says_so(jetstream, way):
    jetstream.floor = WINDOW.end + timedelta(hours=1, minutes=30)
    found, error, ask, _ = listen(jetstream, **way)
    assert (found, error, ask.truncated) == ([], None, True)


def test_a_refused_cursor_is_moved_to_the_floor(jetstream):
    jetstream.floor = WINDOW.start + timedelta(hours=12)
    answer, refused = jetstream.answer, []

    def refuse(connection, request):
        if "cursor=17" in request.path and not refused:  # a timestamp, as this server never refuses one
            refused.append(request.path)
            request.path = request.path.replace("cursor=17", "cursor=1&was=")
        return answer(connection, request)

    jetstream.answer = refuse
    with serving(jetstream):
        found, error, ask, _ = listen(jetstream)
    assert (found, error, ask.truncated) == (WHOLE[24:], None, True)
    assert ask.reasons["hint:look_back"] == 1


# One message


def spoken(wire, **other):
    return replay.commit(wire, replay.at(1), "k", **other)


@pytest.mark.parametrize("wire", [replay.new, replay.old])
def test_a_message_says_the_same_on_both_wires(wire):
    seen = read(spoken(wire))
    assert (seen.did, seen.kind, seen.rkey, seen.told["text"]) == ("did:plc:ville", "create", "k", "Dijon")
    assert read(spoken(wire, operation="delete")).kind == "delete"
    assert read(replay.account(wire, replay.at(1), "did:plc:x", "deleted")).status == "deleted"
    assert read(replay.account(wire, replay.at(1), "did:plc:x")).status is None
    assert read(wire("sync", replay.at(1), sync={})).kind == "sync"
    assert read(wire("identity", replay.at(1), identity={})).kind == "other"


def test_a_notice_is_no_event():
    info = {"$type": "message", "payload": {"$type": "x#info", "name": "OutdatedCursor"}}
    assert read(replay.packed(info)) == Notice("OutdatedCursor", fatal=False)
    assert read(b'{"$type":"error","error":"ConsumerTooSlow"}') == Notice("ConsumerTooSlow", fatal=True)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["message", "commit", "did:plc:x", "create"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["$type", "payload", "did", "time_us", "time", "kind", "commit", "operation", "rkey", "record"]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.binary() | anything.map(lambda told: msgspec.json.encode(told) if _can(told) else b"["))
def test_any_bytes_are_an_event_a_notice_or_refused(frame):
    wanted(frame, lambda text: False)
    try:
        assert isinstance(read(frame), Event | Notice)
    except MalformedError as error:
        assert error.reason in ("not_json", "not_an_event")


def _can(told):
    try:
        return bool(msgspec.json.encode(told))
    except (msgspec.MsgspecError, OverflowError, UnicodeEncodeError):
        return False


@given(st.text(max_size=200), st.text(max_size=20), st.booleans(), st.sampled_from([replay.new, replay.old]))
def test_the_gate_sees_every_text_as_it_was_written(text, other, ascii_only, wire):
    """Whatever stands in a post, quotes, escapes and a second `text` inside it: the gate is asked about the words."""
    frame = spoken(wire, text=text, embed={"text": other, "deep": {"text": f'","text":"{other}'}})
    if ascii_only:
        frame = json.dumps(json.loads(frame), separators=(",", ":")).encode()
    heard = []
    wanted(frame, lambda said: heard.append(said) or False)
    assert text in heard


def test_only_new_posts_are_dropped_unread():
    assert not wanted(spoken(replay.new, text="rien"), lambda text: False)
    assert wanted(spoken(replay.new, text="rien", operation="update"), lambda text: False)
    assert wanted(spoken(replay.new, operation="delete"), lambda text: False)
    assert wanted(replay.account(replay.new, replay.at(1), "did:plc:x", "deleted"), lambda text: False)
    assert wanted(b'{"operation":"create","text":"x', lambda text: False)  # cut short
    assert wanted(rb'{"operation":"create","text":"\ud800"}', lambda text: False)  # half a character
    assert wanted(b'{"text":"x","operation":"create"}', lambda text: False)  # in another order
